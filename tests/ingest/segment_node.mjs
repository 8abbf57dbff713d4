// Sends as a product's server does, with Segment's published library: node segment_node.mjs HOST KEY COUNT
import {createRequire} from "node:module";
import {join} from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const {Analytics} = require("@segment/analytics-node");

const [host, writeKey, count] = process.argv.slice(2);
const analytics = new Analytics({host, writeKey, flushAt: 50, maxRetries: 2});
const failed = [];
analytics.on("error", (error) => failed.push(String(error.reason ?? error.code ?? error)));

analytics.group({userId: "ana", groupId: "c1", traits: {name: "Acme"}});
analytics.identify({userId: "ana", anonymousId: "device-1", traits: {email: "ana@c1.test"}});
for (let n = 0; n < Number(count); n++) {
  analytics.track({userId: "ana", event: "Invoice sent", messageId: `node-${n}`, properties: {total: n}});
}
analytics.track({anonymousId: "device-1", event: "Docs read", context: {groupId: "c1"}});
analytics.page({userId: "ana", name: "Start"});
analytics.alias({previousId: "device-0", userId: "ana"});
await analytics.closeAndFlush();
if (failed.length) {
  console.error(failed.join("\n"));
  process.exit(1);
}
