import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metrics.forecast import checks
from metrics.models import RiskModel
from metrics.nights import last_finished_day
from metrics.risk import work
from metrics.services.risk import risk_model_learn


class Command(BaseCommand):
    """Learns the risk of leaving anew, and prints its models."""

    help = (
        "Print the models of the risk of leaving; --learn: learn another one, up to the last night or --date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learn", action="store_true", help="learn a model now and fill its days")
        parser.add_argument("--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 where there is no such night."""
        if options["learn"]:
            last = last_finished_day()
            day = options["date"] or last
            if day is None or last is None or day > last:
                raise CommandError(
                    f"There is no finished night of {day or 'any day'}. `manage.py nightly` runs one.",
                    returncode=2,
                )
            risk_model_learn(day=day)
            while work.work() or checks.work():
                pass
        for model in RiskModel.objects.all():
            self.stdout.write(json.dumps(_line(model)))


def _line(model: RiskModel) -> dict[str, Any]:
    return {
        "number": model.number,
        "trained_on": model.trained_on.isoformat(),
        "state": model.state,
        "customer_months": model.rows,
        "lost": model.lost,
        "auc": model.auc,
        "auc_low": model.auc_low,
        "auc_high": model.auc_high,
    }
