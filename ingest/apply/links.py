"""Parents and referrers: judged once the whole file is known, made after all its customers are there."""

from accounts import audit
from customers.models import Customer
from customers.models.customer import Decided
from customers.services.history import details_record
from ingest.apply import references
from ingest.apply.context import Run
from ingest.apply.customers import LINKS
from ingest.apply.ledger import Change, keep_changes
from ingest.reasons import Rejected
from ingest.staging import Staged, row_key

PARENT = "parent_external_id"
SIZE = 1000


def circles(known: dict[str, str], wanted: list[tuple[str, str]]) -> set[str]:
    """Return which of the wanted (child, parent) edges, in their order, would close a circle. Pure.

    `known` are the edges there are. A wanted edge takes the place of its child's known one; where it is
    refused the known one stays, so all are judged again until nothing more is refused.
    """
    refused: set[str] = set()
    while True:
        children = {child for child, _ in wanted} - refused
        edges = {child: parent for child, parent in known.items() if child not in children}
        before = len(refused)
        for child, parent in wanted:
            if child in refused:
                continue
            above, steps = parent, 0
            while above and above != child and steps <= len(edges):
                above, steps = edges.get(above, ""), steps + 1
            if above == child:
                refused.add(child)
            else:
                edges[child] = parent
        if len(refused) == before:
            return refused


def judge_links(run: Run) -> None:
    """Reject rows that name a customer that neither is there nor comes with the file, themselves, or a circle."""
    wanted: list[tuple[int, str, str]] = []
    for rows in run.staging.chunks(SIZE):
        named = {row.values[name] for row in rows for name in LINKS if row.values.get(name)}
        if not named:
            continue
        there = set(references.customer_ids(named)) | {
            name for name in named if run.staging.has([row_key([name])])
        }
        for row in rows:
            why = _wrong(row, there)
            if why:
                refuse(run, row, why)
            elif row.values.get(PARENT):
                wanted.append((row.line, row.values["external_id"], row.values[PARENT]))
    if not wanted:
        return
    known = dict(
        Customer.objects.filter(parent__isnull=False)
        .order_by()
        .values_list("external_id", "parent__external_id")
    )
    parents = {child: parent for _, child, parent in wanted}
    refused = circles(known, list(parents.items()))
    for rows in run.staging.chunks(SIZE) if refused else ():
        for row in rows:
            if row.values["external_id"] in refused:
                refuse(run, row, Rejected(PARENT, "parent_circle", value=row.values[PARENT]))


def refuse(run: Run, row: Staged, why: Rejected) -> None:
    """Take a row out of the file after all."""
    run.staging.reject(row, why)
    run.staging.drop([row.key])
    run.counts["rejected"] += 1


def _wrong(row: Staged, there: set[str]) -> Rejected | None:
    for name in LINKS:
        other = row.values.get(name)
        if other and other == row.values["external_id"]:
            return Rejected(name, "own_parent")
        if other and other not in there:
            return Rejected(name, "unknown_customer", value=other)
    return None


def apply_links(run: Run, rows: list[Staged]) -> None:
    """Set parent and referrer of one chunk, inside the caller's transaction; their rows were counted before."""
    rows = [row for row in rows if LINKS.keys() & row.values.keys()]
    named = {row.values[name] for row in rows for name in LINKS if row.values.get(name)}
    ids = references.customer_ids(named | {row.values["external_id"] for row in rows})
    found = Customer.objects.in_bulk(sorted(set(ids.values())))
    changes: list[Change] = []
    linked: list[Customer] = []
    entries = {}
    for row in rows:
        customer = found.get(ids.get(row.values["external_id"], 0))
        if customer is None or customer.external_id != row.values["external_id"]:
            continue  # rejected meanwhile, or merged into another
        before, after = {}, {}
        for name, column in LINKS.items():
            if name not in row.values:
                continue
            other = ids.get(row.values[name])
            if row.values[name] and other is None:
                run.note("link_missing", row.values[name])
            elif other != getattr(customer, column) and other != customer.pk:
                if not run.file_wins and column.removesuffix("_id") in customer.hand_edited:
                    run.note("kept_by_hand", [row.line, column.removesuffix("_id")])
                    continue
                before[column], after[column] = getattr(customer, column), other
                setattr(customer, column, other)
        if after:
            linked.append(customer)
            changes.append(Change(customer, before, after))
            entries[customer.pk] = {name.removesuffix("_id"): (before[name], after[name]) for name in after}
    if not changes or not run.write:
        return
    Customer.objects.bulk_update(linked, ["parent", "referred_by"], batch_size=200)
    keep_changes(run, changes)
    details_record(
        befores={one.row.pk: one.before or {} for one in changes},
        afters={one.row.pk: one.after for one in changes},
        decided_by=Decided.FILE,
        actor=run.actor,
    )
    audit.record_many(
        actor=run.actor, action="customer.updated", model=Customer, changes=entries, of_customers=True
    )
