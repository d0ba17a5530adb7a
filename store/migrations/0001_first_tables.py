"""Make the first tables, as they were then: a frozen copy, whatever the models become."""

from peewee import (
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class User(Model):
        email = CharField(unique=True)
        name = CharField()
        role = CharField()
        password_hash = TextField(default="")
        active = BooleanField(default=True)
        created_at = DateTimeField()

        class Meta:
            database = db
            table_name = "user"

    db.create_tables([User])

    class SignIn(Model):
        token_hash = CharField(primary_key=True)
        user = ForeignKeyField(User, on_delete="CASCADE")
        created_at = DateTimeField()
        seen_at = DateTimeField()

        class Meta:
            database = db
            table_name = "sign_in"

    db.create_tables([SignIn])

    class Invitation(Model):
        token_hash = CharField(primary_key=True)
        user = ForeignKeyField(User, on_delete="CASCADE")
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "invitation"

    db.create_tables([Invitation])

    class LoginAttempt(Model):
        account = CharField(index=True)
        address = CharField(index=True)
        at = DateTimeField(index=True)

        class Meta:
            database = db
            table_name = "login_attempt"

    db.create_tables([LoginAttempt])

    class Programme(Model):
        title = TextField(unique=True)

        class Meta:
            database = db
            table_name = "programme"

    db.create_tables([Programme])

    class Cohort(Model):
        programme = ForeignKeyField(Programme)
        code = CharField(unique=True)
        title = TextField()
        period = TextField(default="")
        rule_set = TextField()
        expected_totals = TextField(default="{}")
        notes = TextField(default="")
        version = IntegerField(default=0)
        viewed_at = DateTimeField(null=True)
        jury_viewed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "cohort"

    db.create_tables([Cohort])

    class Participant(Model):
        last_name = CharField()
        first_name = CharField()
        email = CharField(default="")
        phone = CharField(default="")

        class Meta:
            database = db
            table_name = "participant"

    db.create_tables([Participant])

    class Enrolment(Model):
        id = CharField(primary_key=True)
        cohort = ForeignKeyField(Cohort)
        participant = ForeignKeyField(Participant)
        position = IntegerField()
        employer = TextField(default="")
        funding = CharField(default="")
        fees_paid_on = DateField(null=True)
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "enrolment"

    db.create_tables([Enrolment])

    class Module(Model):
        cohort = ForeignKeyField(Cohort)
        position = IntegerField()
        number = CharField()
        title = TextField()
        bloc = CharField(default="")
        optional = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "module"

    db.create_tables([Module])

    class HalfDay(Model):
        id = CharField(primary_key=True)
        cohort = ForeignKeyField(Cohort)
        module = ForeignKeyField(Module, null=True)
        position = IntegerField()
        day = DateField(null=True)
        period = CharField(default="")
        start = CharField(default="")
        end = CharField(default="")
        minutes = IntegerField()
        kind = CharField()
        modality = CharField(default="on_site")
        place = TextField(default="")
        teachers = TextField(default="")
        deleted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "half_day"

    db.create_tables([HalfDay])

    class Mark(Model):
        enrolment = ForeignKeyField(Enrolment)
        half_day = ForeignKeyField(HalfDay)
        status = CharField()
        minutes = IntegerField(null=True)
        by = CharField()
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "mark"
            primary_key = CompositeKey("half_day", "enrolment")
            indexes = ((("enrolment",), False),)

    db.create_tables([Mark])

    class Tutor(Model):
        name = CharField(unique=True)
        user = ForeignKeyField(User, null=True)

        class Meta:
            database = db
            table_name = "tutor"

    db.create_tables([Tutor])

    class Tutorship(Model):
        cohort = ForeignKeyField(Cohort)
        tutor = ForeignKeyField(Tutor)
        capacity = IntegerField(null=True)

        class Meta:
            database = db
            table_name = "tutorship"
            indexes = ((("cohort", "tutor"), True),)

    db.create_tables([Tutorship])

    class Paper(Model):
        id = CharField(primary_key=True)
        enrolment = ForeignKeyField(Enrolment, unique=True)
        title = TextField(default="")
        problem = TextField(default="")
        tutor = ForeignKeyField(Tutor, null=True)
        workshop = CharField(default="")
        milestone = CharField(default="")
        deposited_on = DateField(null=True)
        pages = IntegerField(null=True)
        link = TextField(default="")

        class Meta:
            database = db
            table_name = "paper"

    db.create_tables([Paper])

    class Grade(Model):
        enrolment = ForeignKeyField(Enrolment)
        work = CharField()
        value = CharField()

        class Meta:
            database = db
            table_name = "grade"
            indexes = ((("enrolment", "work"), True),)

    db.create_tables([Grade])

    class Decision(Model):
        enrolment = ForeignKeyField(Enrolment, primary_key=True)
        decision = CharField()
        proposed = CharField(default="")
        reasons = TextField(default="[]")
        by = CharField()
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "decision"

    db.create_tables([Decision])

    class JournalEntry(Model):
        at = DateTimeField()
        door = CharField()
        user_id = IntegerField(null=True)
        author = CharField()
        cohort_id = IntegerField(index=True, null=True)
        kind = CharField()
        object_id = CharField()
        field = CharField(default="")
        before = TextField(default="")
        after = TextField(default="")

        class Meta:
            database = db
            table_name = "journal_entry"
            indexes = ((("kind", "object_id", "field"), False),)

    db.create_tables([JournalEntry])

    class SubmittedForm(Model):
        key = CharField(primary_key=True)
        user_id = IntegerField(null=True)
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "submitted_form"

    db.create_tables([SubmittedForm])

    class Book(Model):
        id = CharField(primary_key=True)
        cohort = ForeignKeyField(Cohort)
        audience = CharField()
        title = TextField()
        scratch_id = IntegerField(null=True)
        lease_owner = CharField(default="")
        lease_until = DoubleField(default=0)
        epoch = IntegerField(default=0)
        seen_version = IntegerField(default=-1)
        asked_at = DateTimeField(null=True)
        last_success = DateTimeField(null=True)
        last_cycle = DateTimeField(null=True)
        last_change = DateTimeField(null=True)
        failures = IntegerField(default=0)
        retry_at = DoubleField(default=0)
        trouble = TextField(default="")

        class Meta:
            database = db
            table_name = "book"

    db.create_tables([Book])

    class Tab(Model):
        book = ForeignKeyField(Book, on_delete="CASCADE")
        kind = CharField()
        sheet_id = IntegerField()
        title = TextField()
        paused = TextField(default="")
        waiting = TextField(default="[]")

        class Meta:
            database = db
            table_name = "tab"
            indexes = ((("book", "kind"), True),)

    db.create_tables([Tab])

    class AgreedRow(Model):
        tab = ForeignKeyField(Tab, on_delete="CASCADE")
        row = CharField()
        cells = TextField()
        missing = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "agreed_row"
            indexes = ((("tab", "row"), True),)

    db.create_tables([AgreedRow])

    class Conflict(Model):
        tab = ForeignKeyField(Tab, on_delete="CASCADE")
        row = CharField()
        field = CharField()
        address = CharField()
        base = TextField()
        local = TextField()
        remote = TextField()
        label = TextField(default="")
        since = DateTimeField()

        class Meta:
            database = db
            table_name = "conflict"
            indexes = ((("tab", "row", "field"), True),)

    db.create_tables([Conflict])

    class Refusal(Model):
        tab = ForeignKeyField(Tab, on_delete="CASCADE")
        row = CharField()
        field = CharField()
        address = CharField()
        typed = TextField()
        reason = TextField()
        label = TextField(default="")
        since = DateTimeField()

        class Meta:
            database = db
            table_name = "refusal"
            indexes = ((("tab", "row", "field"), True),)

    db.create_tables([Refusal])

    class Intent(Model):
        book = ForeignKeyField(Book, on_delete="CASCADE")
        nonce = CharField(unique=True)
        epoch = IntegerField()
        body = TextField()
        at = DateTimeField()
        settled = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "intent"

    db.create_tables([Intent])

    class Quota(Model):
        name = CharField(primary_key=True)
        tokens = DoubleField()
        at = DoubleField()

        class Meta:
            database = db
            table_name = "quota"

    db.create_tables([Quota])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("quota"))
    migrator.migrate(migrator.drop_table("intent"))
    migrator.migrate(migrator.drop_table("refusal"))
    migrator.migrate(migrator.drop_table("conflict"))
    migrator.migrate(migrator.drop_table("agreed_row"))
    migrator.migrate(migrator.drop_table("tab"))
    migrator.migrate(migrator.drop_table("book"))
    migrator.migrate(migrator.drop_table("submitted_form"))
    migrator.migrate(migrator.drop_table("journal_entry"))
    migrator.migrate(migrator.drop_table("decision"))
    migrator.migrate(migrator.drop_table("grade"))
    migrator.migrate(migrator.drop_table("paper"))
    migrator.migrate(migrator.drop_table("tutorship"))
    migrator.migrate(migrator.drop_table("tutor"))
    migrator.migrate(migrator.drop_table("mark"))
    migrator.migrate(migrator.drop_table("half_day"))
    migrator.migrate(migrator.drop_table("module"))
    migrator.migrate(migrator.drop_table("enrolment"))
    migrator.migrate(migrator.drop_table("participant"))
    migrator.migrate(migrator.drop_table("cohort"))
    migrator.migrate(migrator.drop_table("programme"))
    migrator.migrate(migrator.drop_table("login_attempt"))
    migrator.migrate(migrator.drop_table("invitation"))
    migrator.migrate(migrator.drop_table("sign_in"))
    migrator.migrate(migrator.drop_table("user"))
