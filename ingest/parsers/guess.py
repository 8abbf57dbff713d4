"""What a foreign file probably means: its column names, and whether its dates begin with the day. Pure."""

import re
from collections.abc import Iterable, Sequence

from ingest.parsers.columns import Kind

_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}(\s.*|T.*)?")

# Names that other systems and Brazilian spreadsheets give to our columns; only ever proposed, never taken silently.
_ALIASES = {
    "external_id": ("id", "codigo", "código", "code", "key", "chave", "id externo"),
    "customer_external_id": (
        "customer",
        "customer id",
        "account id",
        "account",
        "cliente",
        "id do cliente",
        "id cliente",
        "codigo do cliente",
        "código do cliente",
        "conta",
    ),
    "name": ("nome", "customer name", "company", "empresa", "razao social", "razão social", "nome fantasia"),
    "segment": ("segmento",),
    "stage": ("etapa", "fase", "estagio", "estágio"),
    "owner_email": ("owner", "responsavel", "responsável", "csm", "analista", "email do responsável"),
    "started_on": (
        "start",
        "start date",
        "inicio",
        "início",
        "data de inicio",
        "data de início",
        "cliente desde",
    ),
    "starts_on": (
        "start",
        "start date",
        "inicio",
        "início",
        "data de inicio",
        "data de início",
        "vigência de",
    ),
    "ends_on": ("end", "end date", "fim", "termino", "término", "data de fim", "vencimento", "vigência até"),
    "domain": ("dominio", "domínio", "site", "website"),
    "industry": ("setor", "ramo", "sector"),
    "country": ("pais", "país"),
    "locale": ("idioma", "language"),
    "tags": ("etiquetas", "labels"),
    "email": ("e-mail", "mail"),
    "role": ("papel", "cargo", "funcao", "função"),
    "phone": ("telefone", "celular"),
    "product": ("produto",),
    "plan": ("plano",),
    "mrr": ("valor mensal", "mensalidade", "receita recorrente"),
    "seats": ("licencas", "licenças", "usuarios", "usuários", "assentos"),
    "value": ("valor", "valor total", "total"),
    "amount": ("valor", "valor pago", "total"),
    "paid_on": ("pago em", "data de pagamento", "payment date"),
    "due_on": ("vencimento", "data de vencimento", "due date", "prazo"),
    "month": ("mes", "mês"),
    "category": ("categoria",),
    "opened_at": ("created at", "aberto em", "criado em", "data de abertura"),
    "solved_at": ("resolved at", "solved", "resolvido em", "data de resolução"),
    "subject": ("assunto", "titulo", "título"),
    "priority": ("prioridade",),
    "channel": ("canal",),
    "event": ("evento", "event name"),
    "user": ("usuario", "usuário", "user id", "person"),
    "count": ("quantidade", "qtd"),
    "occurred_at": ("timestamp", "data", "quando", "date"),
    "score": ("nota", "pontuacao", "pontuação"),
    "comment": ("comentario", "comentário"),
    "answered_at": ("respondido em", "data da resposta"),
    "kind": ("tipo", "type"),
    "happened_at": ("data", "quando", "date"),
    "summary": ("resumo", "descricao", "descrição", "notes"),
    "milestone": ("marco",),
    "reached_on": ("data", "atingido em", "date"),
}


def propose(kind: Kind, names: Sequence[str], remembered: dict[str, str]) -> list[str]:
    """Propose for each column of a file which of ours it is ("" for none); each of ours once.

    What was remembered of the source goes first, then our own names, then names that usually mean ours.
    """
    ours = [column.name for column in kind.columns]
    by_name = {name.lower(): name for name in ours}
    by_alias = {alias: name for name in reversed(ours) for alias in _ALIASES.get(name, ())}
    plain = [_plain(name) for name in names]
    known = {_plain(name): target for name, target in remembered.items()}
    found = [""] * len(names)
    taken: set[str] = set()
    for table in (known, by_name, by_alias):
        for index, name in enumerate(plain):
            target = table.get(name) or table.get(name.replace("_", " ")) or table.get(name.replace(" ", "_"))
            if not found[index] and target in ours and target not in taken:
                found[index] = target
                taken.add(target)
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()


def guess_dates(cells: Iterable[str]) -> str:
    """Tell how dates are written: `iso` (none has slashes), `dmy`, `mdy`, or `ambiguous` (both readings hold).

    Where neither reading holds for all, the commoner one is told; the rows it does not fit are rejected.
    """
    slashed = [(int(match[1]), int(match[2])) for match in map(_SLASHED.fullmatch, cells) if match]
    if not slashed:
        return "iso"
    day_first = sum(first > 12 for first, _ in slashed)
    month_first = sum(second > 12 for _, second in slashed)
    if day_first == month_first == 0:
        return "ambiguous"
    return "dmy" if day_first >= month_first else "mdy"
