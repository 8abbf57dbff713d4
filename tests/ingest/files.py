"""Write small files and import them, as the command does."""

import io
from collections.abc import Sequence
from pathlib import Path

from django.core.management import call_command


class Imported:
    """How a run of the command ended."""

    def __init__(self, code: int, out: str, err: str, errors: str) -> None:
        self.code, self.out, self.err, self.errors = code, out, err, errors

    def counts(self) -> tuple[int, ...]:
        """(new, changed, unchanged, rejected) from the summary line."""
        return tuple(
            int(part.split()[0]) for part in self.out.strip().splitlines()[-1].split(": ")[1].split(", ")
        )


def run_import(
    folder: Path, kind: str, content: str | bytes, *options: str, name: str = "file.csv"
) -> Imported:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    errors = folder / "errors.csv"
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import", kind, str(path), "--errors", str(errors), *options, stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return Imported(code, out.getvalue(), err.getvalue(), errors.read_text() if errors.exists() else "")


def csv_text(header: str, *rows: str | Sequence[str]) -> str:
    lines = [row if isinstance(row, str) else ",".join(row) for row in rows]
    return "\n".join([header, *lines]) + "\n"


FILES: dict[str, str] = {
    "customers": csv_text(
        "external_id,name,attr:size,segment,stage,owner_email,started_on,domain,industry,country,locale,tags,"
        "parent_external_id,referred_by_external_id",
        "c1,Acme,10.5,mid,ongoing,ana@zelo.test,2025-01-02,acme.com,Retail,BR,pt-BR,north|big,c2,",
        "c2,Beta,,,,,2025-02-01,,,,,,,c1",
    ),
    "contacts": csv_text(
        "customer_external_id,email,external_id,name,active_from,time_zone,role,locale,phone,active_until,opted_out",
        "c1,Rosa@acme.com,k1,Rosa,2025-01-01,America/Recife,champion,pt-BR,+55 81 9,2026-01-01,false",
        "c1,joe@acme.com,,,,,,,,,yes",
    ),
    "products": csv_text(
        "product,plan,feature,event,price",
        "Core,Pro,Reports,report_opened,10.00",
        "Core,,Export,export_done,",
    ),
    "subscriptions": csv_text(
        "external_id,starts_on,customer_external_id,product,plan,ends_on,mrr,seats,cancelled_on,cancel_reason",
        "s1,2025-01-02,c1,Core,Pro,2025-06-01,1234.56,10,,",
        "s1,2025-06-01,c1,Core,Pro,,1500,12,2025-12-01,price",
    ),
    "contracts": csv_text(
        "external_id,customer_external_id,starts_on,ends_on,value,auto_renews,signed_on,renews_external_id,cancelled_on",
        "k1,c1,2025-01-01,2026-01-01,12000,true,2024-12-20,,",
        "k2,c1,2026-01-01,2027-01-01,13000,false,,k1,",
    ),
    "payments": csv_text(
        "external_id,customer_external_id,paid_on,amount,due_on",
        "p1,c1,2025-01-10,1234.56,2025-01-05",
        "p2,c1,2025-02-10,-10.00,",
    ),
    "costs": csv_text("month,category,amount", "2025-01,sales,1000.10", "2025-01,marketing,5"),
    "usage": csv_text(
        "customer_external_id,occurred_at,event,user,count,message_id",
        "c1,2025-03-01T10:00:00-03:00,report_opened,rosa@acme.com,2,m1",
        "c1,2025-03-02,report_opened,,,",
        "c1,2025-03-02,report_opened,,,",
    ),
    "milestones": csv_text("customer_external_id,milestone,reached_on", "c1,first_report,2025-03-01"),
    "tickets": csv_text(
        "external_id,customer_external_id,opened_at,first_response_at,solved_at,team_replies,reopens,subject,priority,"
        "channel,contact_email,assignee_email,due_at",
        "t1,c1,2025-03-01T10:00:00Z,2025-03-01T11:00:00Z,2025-03-02T10:00,1,0,Slow,high,email,rosa@acme.com,"
        "ana@zelo.test,2025-03-03T10:00",
    ),
    "responses": csv_text(
        "external_id,survey,campaign,customer_external_id,contact_email,score,comment,answered_at,language",
        "r1,nps,q1,c1,rosa@acme.com,9,Great,2025-03-01T10:00:00Z,pt-BR",
        ",csat,,c1,,4,,2025-03-02T10:00:00Z,",
        ",csat,,c1,,4,,2025-03-02T10:00:00Z,",
    ),
    "touchpoints": csv_text(
        "external_id,customer_external_id,kind,happened_at,contact_email,summary,sentiment",
        "tp1,c1,call,2025-03-01T10:00:00Z,rosa@acme.com,Talked,-2",
        ",c1,note,2025-03-02,,Quiet,",
    ),
    "objectives": csv_text(
        "customer_external_id,name,promise,unit,baseline,target,starts_on,due_on,weight,event",
        "c1,Faster close,Close in a day,h,10,4.5,2025-01-01,2025-12-01,2,month_closed",
    ),
    "targets": csv_text(
        "key,slice,due_on,value", "mrr,,2026-01-01,500000", "nps,segment=mid,2026-01-01,50.5"
    ),
    "history": csv_text(
        "customer_external_id,field,from,value",
        "c1,segment,2025-01-02,volume",
        "c1,segment,2025-06-01,mid",
        "c1,tag,2025-01-02,north",
        "c1,owner,2025-01-02,ana@zelo.test",
        "c1,stage,2025-01-02,onboarding",
    ),
}
