"""The themes a new workspace begins with, for software sold to companies; an admin changes them."""

NAMES: dict[str, dict[str, str]] = {
    "pt-br": {
        "support": "Suporte",
        "usability": "Facilidade de uso",
        "speed": "Velocidade e estabilidade",
        "price": "Preço e cobrança",
        "features": "Funcionalidades",
        "integrations": "Integrações",
        "reports": "Relatórios",
        "onboarding": "Implantação e treinamento",
        "mobile": "Aplicativo",
        "people": "Relacionamento",
    },
    "en": {
        "support": "Support",
        "usability": "Ease of use",
        "speed": "Speed and stability",
        "price": "Price and billing",
        "features": "Features",
        "integrations": "Integrations",
        "reports": "Reports",
        "onboarding": "Onboarding and training",
        "mobile": "Mobile app",
        "people": "Relationship",
    },
}
# Theme → language → words and phrases, separated by commas; one that ends in * may go on.
WORDS: dict[str, dict[str, str]] = {
    "support": {
        "pt-br": "suporte, atendimento, chamado*, ticket*, help desk, responde*, resposta demor*",
        "en": "support, help desk, ticket*, customer service, response time, answer*",
        "es": "soporte, atencion, ticket*, servicio al cliente, respond*",
    },
    "usability": {
        "pt-br": "facil*, dificil, intuitiv*, usabilidade, confus*, complicad*, tela*, interface, pratic*",
        "en": "easy, easier, hard to, intuitive, usability, confusing, complicated, interface, clunky",
        "es": "facil*, dificil, intuitiv*, usabilidad, confus*, complicad*, pantalla*, interfaz",
    },
    "speed": {
        "pt-br": (
            "lent*, trav*, demora*, cai, caiu, fora do ar, instavel, instabilidade, erro*, bug*, rapid*"
        ),
        "en": "slow*, crash*, freez*, down, outage*, unstable, bug*, error*, fast, speed",
        "es": "lent*, se cae, caido, cuelga*, inestable, error*, bug*, rapid*",
    },
    "price": {
        "pt-br": (
            "preco*, caro, cara, valor, custo*, cobran*, fatura*, boleto*, mensalidade, reajuste*, desconto*"
        ),
        "en": "price*, pricing, expensive, cost*, billing, invoice*, fee*, discount*, value for money",
        "es": "precio*, caro, cara, costo*, coste*, cobro*, factura*, descuento*, tarifa*",
    },
    "features": {
        "pt-br": (
            "funcionalidade*, recurso*, falta*, poderia ter, novidade*, atualizac*, melhoria*, "
            "funcao, funcoes"
        ),
        "en": "feature*, missing, lack*, would be nice, update*, improvement*, functionality, roadmap",
        "es": "funcionalidad*, funcion, funciones, falta*, podria tener, actualizac*, mejora*",
    },
    "integrations": {
        "pt-br": "integrac*, integra, api, erp, importa*, exporta*, conciliac*, pix, banco*, nota fiscal",
        "en": "integrat*, api, erp, import*, export*, sync*, connect*, bank*, webhook*",
        "es": "integrac*, integra, api, erp, importa*, exporta*, sincroniz*, banco*",
    },
    "reports": {
        "pt-br": "relatorio*, dashboard*, grafico*, painel, paineis, indicador*, planilha*, dre",
        "en": "report*, dashboard*, chart*, analytics, spreadsheet*, kpi*",
        "es": "informe*, reporte*, tablero*, grafico*, indicador*, planilla*",
    },
    "onboarding": {
        "pt-br": (
            "implantac*, treinamento*, onboarding, capacitac*, configurac*, comecar, tutorial*, documentac*"
        ),
        "en": (
            "onboarding, training, setup, set up, getting started, tutorial*, documentation, implementation"
        ),
        "es": "implementacion, capacitacion*, onboarding, configuracion, tutorial*, documentacion",
    },
    "mobile": {
        "pt-br": "aplicativo*, app, celular, android, iphone, mobile",
        "en": "app, mobile, phone, android, iphone, ios",
        "es": "aplicacion, app, celular, movil, android, iphone",
    },
    "people": {
        "pt-br": (
            "equipe, time de voces, atencios*, parceria, parceir*, relacionamento, gerente, contato, "
            "consultor*"
        ),
        "en": "team, account manager, relationship, partner*, attentive, friendly, csm",
        "es": "equipo, atent*, relacion, socio*, gerente, asesor*, amable*",
    },
}


def starting(language: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Return the themes to begin with: the name in a language of the team, the words in all three."""
    return [
        (name, {code: words.split(", ") for code, words in WORDS[key].items()})
        for key, name in NAMES[language].items()
    ]
