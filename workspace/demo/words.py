"""Words to invent companies and people from. No company or person here is real."""

TRADES: list[tuple[str, str]] = [
    ("Óticas", "Varejo"),
    ("Frigorífico", "Alimentos"),
    ("Laticínios", "Alimentos"),
    ("Transportadora", "Transporte"),
    ("Colégio", "Educação"),
    ("Metalúrgica", "Indústria"),
    ("Supermercados", "Varejo"),
    ("Logística", "Transporte"),
    ("Café", "Alimentos"),
    ("Imobiliária", "Imóveis"),
    ("Construtora", "Construção"),
    ("Hotelaria", "Turismo"),
    ("Distribuidora", "Atacado"),
    ("Cooperativa", "Agronegócio"),
    ("Clínica", "Saúde"),
    ("Farmácias", "Saúde"),
    ("Gráfica", "Indústria"),
    ("Confecções", "Indústria"),
    ("Padaria", "Alimentos"),
    ("Agência", "Serviços"),
    ("Contabilidade", "Serviços"),
    ("Materiais", "Construção"),
    ("Laboratório", "Saúde"),
    ("Viveiro", "Agronegócio"),
    ("Moinho", "Alimentos"),
    ("Pousada", "Turismo"),
    ("Autopeças", "Varejo"),
    ("Escola", "Educação"),
]
PLACES: list[str] = [
    "Boa Vista", "Campo Largo", "Serra Azul", "Vale Verde", "Novo Horizonte", "São Bento", "Boa Safra",
    "Ponte Nova", "Alto da Serra", "Porto Belo", "Ipê Amarelo", "Pilar", "Costa Branca", "Três Rios",
    "Cerrado Verde", "Água Clara", "Pedra Branca", "Bela Aurora", "Santa Clara", "Rio Manso",
    "Monte Alegre", "Lagoa Dourada", "Estrela do Sul", "Barra Nova", "Campina Grande do Vale",
    "Morro Alto", "Vila Rica", "Jardim das Acácias", "Terra Roxa", "Mar Grosso",
]  # fmt: skip
CITIES: list[tuple[str, str]] = [
    ("São Paulo", "SP"), ("Campinas", "SP"), ("Ribeirão Preto", "SP"), ("Sorocaba", "SP"),
    ("Rio de Janeiro", "RJ"), ("Niterói", "RJ"), ("Belo Horizonte", "MG"), ("Contagem", "MG"),
    ("Uberlândia", "MG"), ("Curitiba", "PR"), ("Londrina", "PR"), ("Castro", "PR"), ("Florianópolis", "SC"),
    ("Joinville", "SC"), ("Blumenau", "SC"), ("Porto Alegre", "RS"), ("Caxias do Sul", "RS"),
    ("Goiânia", "GO"), ("Rio Verde", "GO"), ("Brasília", "DF"), ("Salvador", "BA"), ("Recife", "PE"),
    ("Fortaleza", "CE"), ("Natal", "RN"), ("Campo Grande", "MS"), ("Cuiabá", "MT"), ("Vitória", "ES"),
    ("Manaus", "AM"), ("Belém", "PA"),
]  # fmt: skip
FIRST_NAMES: list[str] = [
    "Ana", "Bruno", "Carla", "Daniel", "Eduarda", "Fábio", "Gabriela", "Hugo", "Isabela", "Jorge",
    "Juliana", "Karina", "Leandro", "Lívia", "Marcelo", "Natália", "Otávio", "Paula", "Renato", "Sabrina",
    "Sérgio", "Tatiane", "Vinícius", "Helena", "Igor", "Priscila", "Ricardo", "Sandra", "Thiago", "Vanessa",
]  # fmt: skip
LAST_NAMES: list[str] = [
    "Antunes", "Barreto", "Cardoso", "Dias", "Esteves", "Farias", "Guimarães", "Klein", "Lopes", "Matos",
    "Moreira", "Nogueira", "Pacheco", "Queiroz", "Rezende", "Sampaio", "Teixeira", "Vale", "Xavier",
    "Zanetti", "Brandão", "Coutinho", "Freitas", "Machado", "Peixoto", "Rangel", "Tavares", "Viana",
]  # fmt: skip
JOBS: dict[str, list[str]] = {
    "champion": ["Controller", "Coordenadora financeira", "Gerente financeiro"],
    "decision_maker": ["Diretor financeiro", "Sócia-diretora", "CFO"],
    "sponsor": ["CEO", "Diretora-geral", "Sócio fundador"],
    "end_user": ["Analista de contas a pagar", "Analista de tesouraria", "Assistente financeiro"],
    "billing": ["Contas a pagar", "Faturamento"],
    "other": ["TI", "Compras"],
}
TEAM: list[tuple[str, str, str, str]] = [
    ("marina.duarte", "Marina Duarte", "analyst", "Analista de CS"),
    ("joao.siqueira", "João Siqueira", "analyst", "Analista de CS"),
    ("leticia.prado", "Letícia Prado", "analyst", "Analista de CS sênior"),
    ("rafael.nunes", "Rafael Nunes", "analyst", "Analista de CS"),
    ("camila.torres", "Camila Torres", "analyst", "Analista de onboarding"),
    ("beatriz.amaral", "Beatriz Amaral", "manager", "Gerente de CS"),
    ("otavio.ramos", "Otávio Ramos", "admin", "Operações de CS"),
    ("nina.falcao", "Nina Falcão", "viewer", "Financeiro"),
]
TAGS: list[str] = ["referência", "multifilial", "franquia", "piloto", "indicação", "integração ERP"]

TICKETS: list[tuple[str, str]] = [
    ("Conciliação não encontra lançamento do PIX", "high"),
    ("Boleto com vencimento em dia não útil", "normal"),
    ("Erro ao importar extrato OFX", "high"),
    ("Dúvida sobre permissões de usuário", "low"),
    ("Relatório de fluxo de caixa demora a abrir", "normal"),
    ("NF-e rejeitada pela prefeitura", "high"),
    ("Como cadastrar uma nova filial?", "low"),
    ("Cobrança duplicada na fatura", "urgent"),
    ("Previsão não considera parcelas", "normal"),
    ("Integração com o ERP parou", "urgent"),
    ("Trocar o e-mail do administrador", "low"),
    ("Aprovação de pagamento não chega no celular", "normal"),
]
GOOD_COMMENTS: list[str] = [
    "Fechamos o mês em metade do tempo. A conciliação automática mudou nossa rotina.",
    "Atendimento rápido e sempre resolvem no primeiro contato.",
    "Simples de usar, a equipe aprendeu em uma semana.",
    "A previsão de caixa nos salvou de um aperto em janeiro.",
    "Recomendo, o suporte conhece o nosso negócio.",
    "",
    "",
]
FAIR_COMMENTS: list[str] = [
    "É bom, mas o relatório poderia sair em Excel com as nossas colunas.",
    "Faltam aprovações pelo WhatsApp.",
    "Funciona bem, só acho caro para o nosso tamanho.",
    "A integração com o banco às vezes para e ninguém avisa.",
    "",
    "",
]
BAD_COMMENTS: list[str] = [
    "Pagamos por conciliação automática e voltamos a conferir tudo na planilha.",
    "Três chamados abertos para o mesmo erro e nada resolvido.",
    "O reajuste veio sem explicação.",
    "A pessoa que cuidava de nós saiu e ninguém assumiu.",
    "O sistema ficou lento depois da última versão.",
    "Prometeram fechar em cinco dias, ainda levamos doze.",
]
CALL_NOTES: list[str] = [
    "Revisamos o fechamento do mês; pediram apoio na conciliação dos lotes de PIX.",
    "Mostramos o painel de previsão; vão cadastrar as parcelas futuras.",
    "Conversa de rotina, equipe satisfeita. Próxima revisão em 30 dias.",
    "Querem incluir mais dois usuários na tesouraria.",
    "Reclamaram do prazo de um chamado; combinamos retorno até sexta.",
    "Treinamento de nova analista; ficou de testar a importação do extrato.",
    "Alinhamos metas do trimestre com a controladoria.",
]
WORRIED_NOTES: list[str] = [
    "Uso caiu, dizem que a equipe foi reduzida. Pediram para falar de preço.",
    "Não conseguimos falar com a decisora; remarcado pela segunda vez.",
    "Estão avaliando um concorrente para a renovação.",
    "Voltaram a usar planilha na conciliação.",
]
LEAVE_REASONS: list[str] = ["preço", "baixo uso", "suporte", "erro recorrente", "concorrente"]
SUDDEN_REASONS: list[str] = ["empresa encerrou as atividades", "fusão com outro grupo", "corte de custos"]
