"""The double's card page: where Stripe's hosted page would be, in HTML of our own."""

from html import escape

from billing.providers.double.cards import CARDS

ZERO_DECIMALS = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "xpf"}

WHOLE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Practice card page</title><link rel="stylesheet" href="/style.css"></head>
<body class="driver"><header class="driver-top">Practice card page</header><main class="stack">
<p class="note waiting"><b>No money moves.</b> This page stands where Stripe's would be. Never
type the number of a real card here.</p>
{}
</main></body></html>"""


def money(amount, currency):
    if currency in ZERO_DECIMALS:
        return f"{amount} {currency.upper()}"
    return f"{amount // 100}.{amount % 100:02} {currency.upper()}"


def shown(session, problem=""):
    """The page of a checkout session, as text."""
    if session["status"] != "open":
        return WHOLE.format(_closed(session))
    return WHOLE.format(_form(session, problem))


def _closed(session):
    back = session["success_url"] if session["status"] == "complete" else session["cancel_url"]
    sentence = {
        "complete": "This was paid already. Nothing more is due on this page.",
        "expired": "This page is no longer open. Nothing was paid; go back to see what is due now.",
    }[session["status"]]
    link = f'<a class="button first wide" href="{escape(back or "/")}">Back to the car park</a>'
    return f"<h1>{sentence}</h1>{link}"


def _form(session, problem):
    paying = session["mode"] == "payment"
    what = money(session["amount_total"], session["currency"]) if paying else "this card"
    title = f"{what} for parking" if paying else "Save a card"
    alert = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    picks = "".join(_option(number, place == 0) for place, number in enumerate(CARDS))
    return f"""<h1>{title}</h1>{alert}
<form method="post" class="stack">
<div class="field"><label for="number">Test card</label>
<select id="number" name="number">{picks}</select></div>
<button class="first wide pay-button">{"Pay" if paying else "Save"} {what}</button>
<button class="wide" name="decline" value="1">Decline</button></form>
<p><a href="{escape(session["cancel_url"] or "/")}">Back without paying</a></p>"""


def _option(number, chosen):
    words = f"{_spaced(number)}, which {CARDS[number].called}"
    return f'<option value="{number}"{" selected" if chosen else ""}>{words}</option>'


def _spaced(number):
    return " ".join(number[place : place + 4] for place in range(0, 16, 4))
