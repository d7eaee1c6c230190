"""Every statement that the store runs, once."""

EVENT_SEEN = """
SELECT jobs.* FROM events JOIN jobs ON jobs.number = events.job
WHERE events.platform = :platform AND events.event IN (:event, :pseudonym)
"""

PERSON_OF = """
SELECT person, name, handle FROM identities WHERE platform = :platform AND user = :user
UNION ALL SELECT person, NULL, NULL FROM forgotten WHERE pseudonym = :pseudonym
LIMIT 1
"""

NEW_PERSON = "INSERT INTO people (id, since) VALUES (:person, :at)"

LANGUAGE_OF = """
SELECT coalesce(
    (SELECT language FROM tongues JOIN identities USING (person) WHERE platform = :platform AND user = :user),
    (SELECT value FROM terms WHERE is_over = 0 AND chat = :chat AND name = :name),
    ''
) AS language
"""

SPEAK = """
INSERT INTO tongues (person, language) VALUES (:person, :language)
ON CONFLICT (person) DO UPDATE SET language = excluded.language
"""

SPEAK_AS_TOLD = "DELETE FROM tongues WHERE person = :person"

KNOWN_AS = """
INSERT INTO identities (platform, user, name, handle, person) VALUES (:platform, :user, :name, :handle, :person)
ON CONFLICT (platform, user) DO UPDATE SET name = excluded.name, handle = excluded.handle
WHERE excluded.name <> '' AND (name <> excluded.name OR handle <> excluded.handle)
"""
"""Whoever is only named by their number, by an admin, keeps the name that they had."""

NEW_JOB = """
INSERT INTO jobs (
    id, person, platform, user, user_name, chat, thread, reply_to, request, offer, seed, price, ordered_at, phase,
    phase_since, revision, attempts, cancel_asked, submitted_at, correlation, ticket, media_url, clip, failure,
    charged, refused_by, notes, adult, spoiler, delivery, deleted, status, receipt, told, language,
    ordered_in, in_private, granted_videos, granted_money
) VALUES (
    :id, :person, :platform, :user, :user_name, :chat, :thread, :reply_to, :request, :offer, :seed, :price,
    :ordered_at, :phase, :phase_since, :revision, :attempts, :cancel_asked, :submitted_at, :correlation, :ticket,
    :media_url, :clip, :failure, :charged, :refused_by, :notes, :adult, :spoiler, :delivery, :deleted,
    :status, :receipt, :told, :language, :ordered_in, :in_private, :granted_videos, :granted_money
)
"""

REMEMBER_ABOUT = """
INSERT INTO events (platform, event, job) SELECT :platform, :event, number FROM jobs WHERE id = :id
ON CONFLICT (platform, event) DO NOTHING
"""

REMEMBER_EVENT = "INSERT INTO events (platform, event, job) VALUES (:platform, :event, :job)"

CHANGE_JOB = """
UPDATE jobs SET
    phase = :phase, phase_since = :phase_since, revision = revision + 1, attempts = :attempts,
    cancel_asked = :cancel_asked, submitted_at = :submitted_at, correlation = :correlation, ticket = :ticket,
    media_url = :media_url, clip = :clip, failure = :failure, charged = :charged, refused_by = :refused_by,
    offer = :offer, price = :price, seed = :seed, notes = :notes, adult = :adult, spoiler = :spoiler,
    delivery = :delivery, deleted = :deleted,
    status = :status, receipt = :receipt, told = :told, request = :request, chat = :chat, thread = :thread,
    reply_to = :reply_to
WHERE id = :id AND revision = :revision
RETURNING number, person
"""

PRICE_OF_JOB = """
SELECT number, person, ordered_in, price, granted_money FROM jobs WHERE id = :id AND revision = :revision
"""

MONEY_TAKEN_BY_JOB = "UPDATE jobs SET granted_money = :money WHERE number = :number"

NOTHING_TAKEN_BY_JOB = "UPDATE jobs SET granted_videos = 0, granted_money = 0 WHERE number = :number"

ENTERED_PHASE = """
INSERT INTO transitions (job, phase, at) SELECT :job, :phase, :at
WHERE NOT EXISTS (SELECT 1 FROM transitions WHERE job = :job AND phase = :phase AND at = :at)
"""

LEDGER_LINE = """
INSERT INTO ledger (job, source, person, kind, unit, amount, reason, at)
VALUES (:job, :source, :person, :kind, :unit, :amount, :reason, :at)
"""

NAMES = """
SELECT platform || ':' || user AS key, name FROM identities
WHERE platform || ':' || user IN (SELECT value FROM json_each(:keys))
"""

CALLED = """
SELECT * FROM identities WHERE platform = :platform AND lower(handle) = lower(:handle) AND handle <> ''
ORDER BY (SELECT max(number) FROM jobs WHERE jobs.person = identities.person) DESC LIMIT 1
"""
"""Names change hands: whoever ordered last was seen with it last."""

NEW_ALERT = "INSERT INTO alerts (cap, since, share) VALUES (:cap, :since, :share) ON CONFLICT DO NOTHING"

STATEMENT = """
SELECT ledger.kind, ledger.unit, ledger.amount, ledger.reason, ledger.at, jobs.request
FROM ledger LEFT JOIN jobs ON jobs.number = ledger.job
WHERE ledger.person = :person AND NOT EXISTS (
    SELECT 1 FROM ledger AS later WHERE later.job = ledger.job AND later.number > ledger.number
)
ORDER BY ledger.number DESC LIMIT :limit
"""
"""What became last of every job, and of what was granted."""

JOB = "SELECT * FROM jobs WHERE id = ?"

UNFINISHED = """
SELECT * FROM jobs WHERE phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved') ORDER BY number
"""

UNTOLD = """
SELECT * FROM jobs WHERE told = 0 AND platform = ?
AND (phase IN ('delivered', 'failed', 'cancelled', 'unresolved') OR delivery = 'given_up')
ORDER BY number
"""

LATEST_IN_CHAT = """
SELECT * FROM (
    SELECT * FROM jobs WHERE platform = ? AND chat = ? AND forgotten = 0 ORDER BY number DESC LIMIT ?
) ORDER BY number
"""

NEW_COURSE = """
INSERT INTO durations (offer, resolution, seconds, audio, took, not_by, queued, rendering, looks)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

COURSES = """
SELECT took, not_by, queued, rendering, looks FROM durations
WHERE offer = ? AND resolution = ? AND seconds = ? AND audio = ?
ORDER BY number DESC LIMIT ?
"""

LATEST_OF_PERSON = """
SELECT * FROM jobs
WHERE person = (SELECT person FROM identities WHERE platform = ? AND user = ?) AND forgotten = 0
ORDER BY number DESC LIMIT ?
"""

NEW_LINK = """
INSERT INTO link_codes (person, code, until) VALUES (:person, :code, :until)
ON CONFLICT (person) DO UPDATE SET code = excluded.code, until = excluded.until
"""

OFFERED_LINK = "SELECT person, until FROM link_codes WHERE code = :code"

WITHDRAW_LINK = "DELETE FROM link_codes WHERE code = :code"

WRONG_CODES = "SELECT count(*) FROM wrong_codes WHERE platform = :platform AND user = :pseudonym AND at > :since"

NEW_WRONG_CODE = "INSERT INTO wrong_codes (platform, user, at) VALUES (:platform, :pseudonym, :at)"

FORGET_WRONG_CODES = """
DELETE FROM wrong_codes WHERE at <= :since OR (platform = :platform AND user = :pseudonym AND :all)
"""

JOIN_PEOPLE = (
    "UPDATE identities SET person = :person WHERE person = :other",
    "UPDATE jobs SET person = :person WHERE person = :other",
    "UPDATE ledger SET person = :person WHERE person = :other",
    "UPDATE grants SET person = :person WHERE person = :other",
    "UPDATE strikes SET person = :person WHERE person = :other",
    "UPDATE forgotten SET person = :person WHERE person = :other",
    "DELETE FROM link_codes WHERE person = :other",
    "INSERT OR IGNORE INTO tongues (person, language) SELECT :person, language FROM tongues WHERE person = :other",
    "DELETE FROM tongues WHERE person = :other",
    "DELETE FROM people WHERE id = :other",
)

OTHER_IDENTITIES = """
SELECT count(*) FROM identities WHERE person = :person AND NOT (platform = :platform AND user = :user)
"""

BANNED_PERSON = """
SELECT 1 FROM marks JOIN identities ON subject = platform || ':' || user
WHERE person = :person AND kind = 'ban' AND is_over = 0 AND (until IS NULL OR until > :at)
AND (marks.chat = '' OR EXISTS (SELECT 1 FROM jobs WHERE jobs.person = :person AND ordered_in = marks.chat))
"""
"""Whoever has a chat of their own can ban anybody in it, which must mean nothing elsewhere."""

PART_PEOPLE = (
    "INSERT INTO tongues (person, language) SELECT :other, language FROM tongues WHERE person = :person",
    "UPDATE jobs SET person = :other WHERE person = :person AND platform = :platform AND user IN (:user, :pseudonym)",
    "UPDATE ledger SET person = :other WHERE job IN (SELECT number FROM jobs WHERE person = :other)",
    "UPDATE identities SET person = :other WHERE platform = :platform AND user = :user",
    "UPDATE forgotten SET person = :other WHERE pseudonym = :pseudonym",
    "DELETE FROM link_codes WHERE person = :person",
)

ACCOUNT = """
SELECT
    (SELECT count(*) FROM ledger WHERE person = :person AND kind = 'settle') AS clips,
    (SELECT coalesce(sum(amount), 0) FROM ledger WHERE person = :person AND kind = 'settle') AS spent,
    (SELECT count(*) FROM jobs WHERE person = :person AND charged = 0
        AND phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved')) AS running,
    (SELECT coalesce(sum(price), 0) FROM jobs WHERE person = :person AND charged = 0
        AND phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved')) AS reserved
"""
