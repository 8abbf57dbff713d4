"""What makes a visit look like a machine's. The marks belong to the visit that posts and to no other.

Whole firms sit behind mail scanners: a burst of prefetches before a person comes says nothing about the person.
"""

import re

from surveys.models.invitation import Visit

FORM_SECONDS = 3.0  # nobody reads the question, chooses and presses in less
CONFIRM_SECONDS = 1.0  # the second page has one sentence and one button

FIELD = "hidden_field"
LINK = "hidden_link"
FAST = "too_fast"
UNSEEN = "without_page"
AGENT = "agent"

SCANNERS = re.compile(
    r"barracuda|proofpoint|mimecast|symantec|messagelabs|fireeye|trellix|trendmicro|trend micro|ironport|talos|"
    r"zscaler|sophos|forcepoint|websense|cloudmark|avanan|checkpoint|harmony email|vade|hornetsecurity|bitdefender|"
    r"kaspersky|mcafee|fortinet|fortimail|area 1|ms-office|microsoft office (?:existence|protocol)|safelinks|"
    r"skypeuripreview|bingpreview|slackbot|slack-imgproxy|whatsapp/|telegrambot|twitterbot|linkedinbot|discordbot|"
    r"facebookexternalhit|facebot|googleimageproxy|google-safety|google-read-aloud|yahoomailproxy|applebot|"
    r"linkexpander|urldefense|link[ -]?check|preview|scanner|scan(?:ning)? |antivirus|(?<!cu)bot\b|crawler|spider",
    re.IGNORECASE,
)
TOOLS = re.compile(
    r"^(?:curl|wget|python|go-http-client|java|okhttp|axios|node|undici|libwww-perl|ruby|php|guzzle|httpie|"
    r"postman|insomnia|scrapy|apache-httpclient|dart|rest-client|powershell)\b|headlesschrome|phantomjs|"
    r"python-(?:requests|urllib)|aiohttp|httpx|selenium|puppeteer|playwright",
    re.IGNORECASE,
)


def agent_of(user_agent: str) -> str:
    """Return what kind of program says this of itself: a value of `Visit.Agent`."""
    if not user_agent.strip():
        return Visit.Agent.NONE
    if SCANNERS.search(user_agent):
        return Visit.Agent.SCANNER
    return Visit.Agent.TOOL if TOOLS.search(user_agent) else Visit.Agent.BROWSER


def marks_of(
    *,
    agent: str,
    hidden_filled: bool,
    link_followed: bool,
    seconds: float | None,
    least_seconds: float = FORM_SECONDS,
) -> list[str]:
    """Return the marks of a press of the button.

    `seconds` since the page with this form was given out, None when there was none (or its stamp is not ours).
    """
    marks = []
    if hidden_filled:
        marks.append(FIELD)
    if link_followed:
        marks.append(LINK)
    if seconds is None:
        marks.append(UNSEEN)
    elif seconds < least_seconds:
        marks.append(FAST)
    if agent != Visit.Agent.BROWSER:
        marks.append(AGENT)
    return marks
