/* Starts Swagger UI on the page of the API's description. Calls from it use the session, with its CSRF token. */
"use strict";

const page = document.getElementById("swagger-ui");

window.SwaggerUIBundle({
  url: page.dataset.schema,
  domNode: page,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  requestInterceptor(request) {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = page.dataset.csrf;
    return request;
  },
});
