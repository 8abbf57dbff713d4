"""What stands around the question on the public pages, in the three languages a customer may read.

Not in `locale/`: these are the customers' languages, which need not be one of the team's. A test holds the three
complete and their placeholders equal.
"""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "One question",
        "optional": "Optional. Please leave out passwords and bank details.",
        "contact": "You may talk to me about this answer",
        "send": "Send answer",
        "change": "Change my answer",
        "thanks": "Thank you",
        "recorded": "Your answer: {score}.",
        "cut": "Your comment was longer than {limit} characters. We kept the beginning.",
        "empty": "Leave this field empty",
        "choose": (
            "Choose one of the numbers from {low} to {high}, then press the button. Nothing was recorded yet."
        ),
        "as": "You answer as {person}, {customer}.",
        "not_you": "Not you?",
        "not_you_text": "Then please close this page: an answer would be recorded for the person named here.",
        "read_by": "Your answer is read by {owner} and by the team concerned.",
        "read_by_team": "Your answer is read by the team concerned.",
        "privacy": "Privacy",
        "privacy_text": (
            "Kept: your answer, when it was given, and when this page was opened. No cookies, no "
            "tracking, nothing from other companies. To see or erase your data, reply to the mail or "
            "write to the person who sent you this link."
        ),
        "stop": "No more surveys",
        "confirm_title": "One more press",
        "confirm_text": (
            "Some mail systems press buttons by themselves, and this press looked like one. Your answer "
            "{score} counts as soon as you confirm it."
        ),
        "confirm": "Yes, that is my answer",
        "closed_title": "This survey is closed",
        "closed_text": "Thank you for coming. Answers are not taken any more; what was answered before counts.",
        "often_title": "Your last answer stands",
        "often_text": "It was changed many times already, so it can no longer be changed here.",
        "trap": "This address is for programs. To answer, go back to the question.",
        "back": "Back to the question",
        "stop_title": "Stop our mails?",
        "stop_text": "Choose what you no longer want to get at {address}.",
        "stop_surveys": "Surveys",
        "stop_playbooks": "Messages from the team",
        "stop_button": "Save",
        "stopped_title": "It is done",
        "stopped_text": "You no longer get: {kinds}.",
        "stopped_none": "You get our mails again.",
        "stop_change": "Change this",
        "not_found": "This link opens nothing. It may have been copied without its end.",
        "csat_1": "Very dissatisfied",
        "csat_2": "Dissatisfied",
        "csat_3": "Neutral",
        "csat_4": "Satisfied",
        "csat_5": "Very satisfied",
        "case_title": "What we did about your answer",
        "case_ask": "Did it help?",
        "case_yes": "Yes",
        "case_no": "Not yet",
        "case_thanks": "Thank you for telling us.",
    },
    "pt-br": {
        "title": "Uma pergunta",
        "optional": "Opcional. Não escreva senhas nem dados bancários.",
        "contact": "Vocês podem falar comigo sobre esta resposta",
        "send": "Enviar resposta",
        "change": "Mudar minha resposta",
        "thanks": "Obrigado",
        "recorded": "Sua resposta: {score}.",
        "cut": "Seu comentário tinha mais de {limit} caracteres. Guardamos o começo.",
        "empty": "Deixe este campo vazio",
        "choose": "Escolha um dos números de {low} a {high} e toque no botão. Nada foi registrado ainda.",
        "as": "Você responde como {person}, {customer}.",
        "not_you": "Não é você?",
        "not_you_text": "Então feche esta página: uma resposta ficaria registrada para a pessoa indicada aqui.",
        "read_by": "Sua resposta é lida por {owner} e pela equipe envolvida.",
        "read_by_team": "Sua resposta é lida pela equipe envolvida.",
        "privacy": "Privacidade",
        "privacy_text": (
            "Guardamos sua resposta, quando ela foi dada e quando esta página foi aberta. Sem cookies, "
            "sem rastreamento, nada de outras empresas. Para ver ou apagar seus dados, responda ao e-mail"
            " ou fale com quem enviou este link."
        ),
        "stop": "Não receber mais pesquisas",
        "confirm_title": "Mais um toque",
        "confirm_text": (
            "Alguns sistemas de e-mail apertam botões sozinhos, e este toque pareceu um deles. Sua "
            "resposta {score} vale assim que você confirmar."
        ),
        "confirm": "Sim, é a minha resposta",
        "closed_title": "Esta pesquisa está encerrada",
        "closed_text": (
            "Agradecemos a visita. Não recebemos mais respostas; o que foi respondido antes continua valendo."
        ),
        "often_title": "Sua última resposta vale",
        "often_text": "Ela já foi mudada muitas vezes e não pode mais ser mudada aqui.",
        "trap": "Este endereço é para programas. Para responder, volte à pergunta.",
        "back": "Voltar à pergunta",
        "stop_title": "Parar nossos e-mails?",
        "stop_text": "Escolha o que você não quer mais receber em {address}.",
        "stop_surveys": "Pesquisas",
        "stop_playbooks": "Mensagens da equipe",
        "stop_button": "Salvar",
        "stopped_title": "Pronto",
        "stopped_text": "Você não recebe mais: {kinds}.",
        "stopped_none": "Você volta a receber nossos e-mails.",
        "stop_change": "Mudar isto",
        "not_found": "Este link não abre nada. Talvez tenha sido copiado sem o final.",
        "csat_1": "Muito insatisfeito",
        "csat_2": "Insatisfeito",
        "csat_3": "Neutro",
        "csat_4": "Satisfeito",
        "csat_5": "Muito satisfeito",
        "case_title": "O que fizemos com a sua resposta",
        "case_ask": "Ajudou?",
        "case_yes": "Sim",
        "case_no": "Ainda não",
        "case_thanks": "Agradecemos por contar.",
    },
    "es": {
        "title": "Una pregunta",
        "optional": "Opcional. No escriba contraseñas ni datos bancarios.",
        "contact": "Pueden hablar conmigo sobre esta respuesta",
        "send": "Enviar respuesta",
        "change": "Cambiar mi respuesta",
        "thanks": "Gracias",
        "recorded": "Su respuesta: {score}.",
        "cut": "Su comentario tenía más de {limit} caracteres. Guardamos el comienzo.",
        "empty": "Deje este campo vacío",
        "choose": "Elija uno de los números del {low} al {high} y pulse el botón. Aún no se registró nada.",
        "as": "Responde como {person}, {customer}.",
        "not_you": "¿No es usted?",
        "not_you_text": (
            "Entonces cierre esta página: la respuesta quedaría registrada a nombre de esta persona."
        ),
        "read_by": "Leen su respuesta {owner} y el equipo correspondiente.",
        "read_by_team": "Lee su respuesta el equipo correspondiente.",
        "privacy": "Privacidad",
        "privacy_text": (
            "Guardamos su respuesta, cuándo la dio y cuándo se abrió esta página. Sin cookies, sin "
            "seguimiento, nada de otras empresas. Para ver o borrar sus datos, responda al correo o "
            "escriba a quien le envió este enlace."
        ),
        "stop": "No recibir más encuestas",
        "confirm_title": "Un toque más",
        "confirm_text": (
            "Algunos sistemas de correo pulsan botones solos, y este toque pareció uno de ellos. Su "
            "respuesta {score} vale en cuanto la confirme."
        ),
        "confirm": "Sí, es mi respuesta",
        "closed_title": "Esta encuesta está cerrada",
        "closed_text": "Gracias por venir. Ya no se reciben respuestas; lo que respondió antes sigue valiendo.",
        "often_title": "Vale su última respuesta",
        "often_text": "Ya se cambió muchas veces y no se puede cambiar más aquí.",
        "trap": "Esta dirección es para programas. Para responder, vuelva a la pregunta.",
        "back": "Volver a la pregunta",
        "stop_title": "¿Dejar de recibir nuestros correos?",
        "stop_text": "Elija lo que ya no quiere recibir en {address}.",
        "stop_surveys": "Encuestas",
        "stop_playbooks": "Mensajes del equipo",
        "stop_button": "Guardar",
        "stopped_title": "Listo",
        "stopped_text": "Ya no recibe: {kinds}.",
        "stopped_none": "Vuelve a recibir nuestros correos.",
        "stop_change": "Cambiar esto",
        "not_found": "Este enlace no abre nada. Quizá se copió sin el final.",
        "csat_1": "Muy insatisfecho",
        "csat_2": "Insatisfecho",
        "csat_3": "Neutral",
        "csat_4": "Satisfecho",
        "csat_5": "Muy satisfecho",
        "case_title": "Qué hicimos con su respuesta",
        "case_ask": "¿Le ayudó?",
        "case_yes": "Sí",
        "case_no": "Todavía no",
        "case_thanks": "Gracias por contárnoslo.",
    },
}
