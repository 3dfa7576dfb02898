"""The ledger's guard in the database itself: who gets past Django cannot change or delete a payment.

A migration that lets SQLite make the table anew must call `put_up` again; a test says so.
"""

WHAT = "payments are append-only: a mistake is put right by a negative entry"
SQLITE_UP = [
    f"CREATE TRIGGER payment_never_{act.lower()}s BEFORE {act} ON billing_payment "
    f"BEGIN SELECT RAISE(ABORT, '{WHAT}'); END"
    for act in ("UPDATE", "DELETE")
]
POSTGRES_UP = [
    "CREATE OR REPLACE FUNCTION payment_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{WHAT}'; END $$",
    "CREATE TRIGGER payment_never_changes BEFORE UPDATE OR DELETE ON billing_payment "
    "FOR EACH ROW EXECUTE FUNCTION payment_kept()",
    "CREATE TRIGGER payment_never_vanishes BEFORE TRUNCATE ON billing_payment "
    "FOR EACH STATEMENT EXECUTE FUNCTION payment_kept()",
]
SQLITE_DOWN = [f"DROP TRIGGER IF EXISTS payment_never_{act}" for act in ("updates", "deletes")]
POSTGRES_DOWN = [
    f"DROP TRIGGER IF EXISTS payment_never_{act} ON billing_payment"
    for act in ("changes", "vanishes")
]


def put_up(connection):
    _run(connection, SQLITE_DOWN + SQLITE_UP, POSTGRES_DOWN + POSTGRES_UP)


def take_down(connection):
    _run(connection, SQLITE_DOWN, POSTGRES_DOWN)


def _run(connection, sqlite, postgres):
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgres:
            cursor.execute(statement)
