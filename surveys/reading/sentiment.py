"""A hint how a comment sounds: words of praise and of complaint counted, a "not" before turns one round. Pure.

It is a rule, not a judgement: a person corrects it by hand, and nothing but the list of comments goes by it.
"""

from surveys.reading.words import folded


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GOOD = _words(
    """
    otimo otima excelente excelentes bom boa bons boas adoro adoramos amo gosto gostei gostamos facil facilitou
    rapido rapida rapidos perfeito perfeita parabens maravilhoso maravilhosa satisfeito satisfeita recomendo ajuda
    ajudou ajudaram eficiente pratico pratica agil obrigado obrigada confiavel claro clara economizamos resolveu
    resolveram great excellent good love loved like likes easy fast quick perfect wonderful satisfied recommend
    helps helped helpful efficient reliable clear thanks amazing awesome best saves saved solved friendly bueno
    buena buenos buenas encanta encanto gusta rapidas facilita perfecta perfecto satisfecho satisfecha recomiendo
    ayuda ayudo fiable gracias mejor resolvio resolvieron amable
    """
)
BAD = _words(
    """
    ruim ruins pessimo pessima horrivel lento lenta lentidao dificil complicado complicada confuso confusa erro
    erros falha falhas falhou caro cara problema problemas demora demorado demorou travou trava bug bugs
    insatisfeito insatisfeita decepcionado decepcionada reclamar reclamacao cancelar cancelamento atraso atrasado
    quebrou parou bad terrible horrible slow hard difficult complicated confusing error errors fails failed
    failure expensive problem problems crash crashes broken disappointed unhappy cancel late waiting worst
    annoying useless malo mala pesimo pesima errores falla fallas tarda tardo insatisfecho retraso roto peor
    """
)
NOT = _words(
    """
    nao nunca nem sem jamais not never no without ni sin dont doesnt didnt isnt wasnt
    """
)
REACH = 2  # how many words before may turn one round


def sentiment(comment: str) -> int | None:
    """Return −1, 0 or 1; None for a comment without words."""
    words = folded(comment.replace("'", "").replace("’", "")).split()
    if not words:
        return None
    total = 0
    for at, word in enumerate(words):
        value = (word in GOOD) - (word in BAD)
        if value:
            turned = NOT.intersection(words[max(0, at - REACH) : at])
            total += -value if turned else value
    return (total > 0) - (total < 0)
