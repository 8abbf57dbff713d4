"""What stands around the question in a survey's mail, in the languages customers read (see `surveys/standard.py`)."""

MAIL_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "reminder": "Reminder: {subject}",
        "about": "It is about: {about}",
        "choose": "Choose a number; it opens a page where you confirm it with one button:",
        "score": "Answer {score}",
        "or_open": "Or open the question",
        "why": "You get this because you work with {brand} at {customer}.",
        "stop": "No more surveys",
    },
    "pt-br": {
        "reminder": "Lembrete: {subject}",
        "about": "É sobre: {about}",
        "choose": "Escolha um número; ele abre uma página em que você confirma com um botão:",
        "score": "Responder {score}",
        "or_open": "Ou abra a pergunta",
        "why": "Você recebe este e-mail porque usa a {brand} na {customer}.",
        "stop": "Não receber mais pesquisas",
    },
    "es": {
        "reminder": "Recordatorio: {subject}",
        "about": "Se trata de: {about}",
        "choose": "Elija un número; abre una página donde lo confirma con un botón:",
        "score": "Responder {score}",
        "or_open": "O abra la pregunta",
        "why": "Recibe este correo porque trabaja con {brand} en {customer}.",
        "stop": "No recibir más encuestas",
    },
}
