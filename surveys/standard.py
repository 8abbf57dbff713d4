"""The words a survey has before anybody edits them: four questions in three languages.

`{brand}` is the firm that asks, `{owner}` the person looking after the customer, `{name}` the person asked.
They are the customers' words and languages, not the team's, so they are no part of the catalogues in `locale/`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A survey's words in one language; the fields of `SurveyText`."""

    question: str
    lead: str
    low_end: str
    high_end: str
    follow_any: str
    follow_low: str
    follow_middle: str
    follow_high: str
    thanks: str
    mail_subject: str
    mail_intro: str


_PT = {
    "nps": Words(
        question="Qual a chance de você recomendar a {brand} a um colega ou amigo?",
        lead="Uma pergunta, menos de um minuto",
        low_end="nada provável",
        high_end="muito provável",
        follow_any="Qual é o principal motivo da sua nota?",
        follow_low="O que devemos corrigir primeiro?",
        follow_middle="O que falta para um 10?",
        follow_high="O que mais ajuda você?",
        thanks="{owner} lê todas as respostas.",
        mail_subject="Uma pergunta sobre a {brand}",
        mail_intro="Olá, {name}. Toque em um número: abre uma página com a sua nota, e você confirma com um botão.",
    ),
    "csat": Words(
        question="Qual é a sua satisfação com a ajuda que recebeu?",
        lead="Uma pergunta, menos de um minuto",
        low_end="muito insatisfeito",
        high_end="muito satisfeito",
        follow_any="O que devemos saber?",
        follow_low="O que deu errado?",
        follow_middle="O que faltou?",
        follow_high="O que fizemos bem?",
        thanks="A sua resposta chega hoje à equipe que ajudou você.",
        mail_subject="Como foi a nossa ajuda?",
        mail_intro="Olá, {name}. Toque em um número: abre uma página com a sua nota, e você confirma com um botão.",
    ),
    "ces": Words(
        question="“A {brand} facilitou o que eu precisava fazer.”",
        lead="Quanto você concorda? Menos de um minuto",
        low_end="discordo totalmente",
        high_end="concordo totalmente",
        follow_any="Qual etapa deu mais trabalho?",
        follow_low="O que complicou?",
        follow_middle="O que podia ser mais simples?",
        follow_high="O que facilitou?",
        thanks="Quem cuida dessa etapa olha cada resposta baixa.",
        mail_subject="Foi fácil?",
        mail_intro="Olá, {name}. Toque em um número: abre uma página com a sua nota, e você confirma com um botão.",
    ),
    "success": Words(
        question="Quanto você já alcançou do que buscava com a {brand}?",
        lead="De nada (0) a tudo (100)",
        low_end="nada ainda",
        high_end="tudo",
        follow_any="O que mais pesou na sua resposta?",
        follow_low="O que está impedindo você?",
        follow_middle="O que falta alcançar?",
        follow_high="O que fez a diferença?",
        thanks="{owner} compara a sua resposta com o que combinamos.",
        mail_subject="Quanto você já alcançou?",
        mail_intro="Olá, {name}. Toque em um número: abre uma página com a sua resposta, e você confirma com um botão.",
    ),
}
_EN = {
    "nps": Words(
        question="How likely are you to recommend {brand} to a colleague or friend?",
        lead="One question, less than a minute",
        low_end="not at all likely",
        high_end="extremely likely",
        follow_any="What is the main reason for your answer?",
        follow_low="What should we fix first?",
        follow_middle="What is missing for a 10?",
        follow_high="What helps you most?",
        thanks="{owner} reads every answer.",
        mail_subject="One question about {brand}",
        mail_intro="Hello {name}. Tap a number: it opens a page with your score, and one button confirms it.",
    ),
    "csat": Words(
        question="How satisfied are you with the help you got?",
        lead="One question, less than a minute",
        low_end="very dissatisfied",
        high_end="very satisfied",
        follow_any="What should we know?",
        follow_low="What went wrong?",
        follow_middle="What was missing?",
        follow_high="What did we do well?",
        thanks="Your answer goes today to the team that helped you.",
        mail_subject="How was our help?",
        mail_intro="Hello {name}. Tap a number: it opens a page with your score, and one button confirms it.",
    ),
    "ces": Words(
        question="“{brand} made it easy for me to do what I needed.”",
        lead="How much do you agree? Less than a minute",
        low_end="strongly disagree",
        high_end="strongly agree",
        follow_any="Which step took the most effort?",
        follow_low="What made it hard?",
        follow_middle="What could be simpler?",
        follow_high="What made it easy?",
        thanks="Every low answer is looked at by the team that owns the step.",
        mail_subject="Was it easy?",
        mail_intro="Hello {name}. Tap a number: it opens a page with your score, and one button confirms it.",
    ),
    "success": Words(
        question="How much of what you came to {brand} for have you got?",
        lead="From nothing (0) to everything (100)",
        low_end="nothing yet",
        high_end="everything",
        follow_any="What weighed most in your answer?",
        follow_low="What holds you back?",
        follow_middle="What is still missing?",
        follow_high="What made the difference?",
        thanks="{owner} compares your answer with what we agreed on.",
        mail_subject="How much have you got so far?",
        mail_intro="Hello {name}. Tap a number: it opens a page with your answer, and one button confirms it.",
    ),
}
_ES = {
    "nps": Words(
        question="¿Qué probabilidad hay de que recomiende {brand} a un colega o amigo?",
        lead="Una pregunta, menos de un minuto",
        low_end="nada probable",
        high_end="muy probable",
        follow_any="¿Cuál es el motivo principal de su respuesta?",
        follow_low="¿Qué debemos corregir primero?",
        follow_middle="¿Qué falta para un 10?",
        follow_high="¿Qué le ayuda más?",
        thanks="{owner} lee todas las respuestas.",
        mail_subject="Una pregunta sobre {brand}",
        mail_intro="Hola, {name}. Toque un número: se abre una página con su nota y la confirma con un botón.",
    ),
    "csat": Words(
        question="¿Qué tan satisfecho está con la ayuda que recibió?",
        lead="Una pregunta, menos de un minuto",
        low_end="muy insatisfecho",
        high_end="muy satisfecho",
        follow_any="¿Qué deberíamos saber?",
        follow_low="¿Qué salió mal?",
        follow_middle="¿Qué faltó?",
        follow_high="¿Qué hicimos bien?",
        thanks="Su respuesta llega hoy al equipo que le ayudó.",
        mail_subject="¿Cómo fue nuestra ayuda?",
        mail_intro="Hola, {name}. Toque un número: se abre una página con su nota y la confirma con un botón.",
    ),
    "ces": Words(
        question="“{brand} me facilitó lo que necesitaba hacer.”",
        lead="¿Cuánto está de acuerdo? Menos de un minuto",
        low_end="totalmente en desacuerdo",
        high_end="totalmente de acuerdo",
        follow_any="¿Qué paso costó más esfuerzo?",
        follow_low="¿Qué lo hizo difícil?",
        follow_middle="¿Qué podría ser más simple?",
        follow_high="¿Qué lo hizo fácil?",
        thanks="El equipo responsable revisa cada respuesta baja.",
        mail_subject="¿Fue fácil?",
        mail_intro="Hola, {name}. Toque un número: se abre una página con su nota y la confirma con un botón.",
    ),
    "success": Words(
        question="¿Cuánto de lo que buscaba con {brand} ha logrado?",
        lead="De nada (0) a todo (100)",
        low_end="nada todavía",
        high_end="todo",
        follow_any="¿Qué pesó más en su respuesta?",
        follow_low="¿Qué se lo impide?",
        follow_middle="¿Qué falta por lograr?",
        follow_high="¿Qué marcó la diferencia?",
        thanks="{owner} compara su respuesta con lo acordado.",
        mail_subject="¿Cuánto ha logrado ya?",
        mail_intro="Hola, {name}. Toque un número: se abre una página con su respuesta y la confirma con un botón.",
    ),
}
STANDARD: dict[str, dict[str, Words]] = {"pt-br": _PT, "en": _EN, "es": _ES}
