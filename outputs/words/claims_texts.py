"""Words of what was said in public: verdicts, promised dates, kinds of source."""

from oreway.outputs.words.translation import message, message_in

CLAIMS: dict[str, str] = {
    "said": message("What was said"),
    "said_note": message(
        "Claims of the public debate about this place, each against the evidence read. The verdicts are Oreway's, the "
        "figures are the sources'; a computed figure says so."
    ),
    "said_by": message("said by {who}, {when}"),
    "said_evidence": message("Evidence"),
    "said_sites": message("Sites"),
    "verdict_holds": message_in("verdict", "holds"),
    "verdict_holds_in_part": message_in("verdict", "holds in part"),
    "verdict_wrong": message_in("verdict", "wrong"),
    "verdict_not_yet_known": message_in("verdict", "not yet known"),
    "promises": message("Dates promised"),
    "promises_note": message(
        "A date that names a year alone ends in December. “Moved” shows the newest date read in place of the promised "
        "one; it is a promise too."
    ),
    "promise": message("Promise"),
    "promised_for": message("Promised for"),
    "promised_on": message("Said on"),
    "happened": message("What became of it"),
    "slip_months": message("Months later"),
    "kept_done": message_in("promise", "done {when}"),
    "kept_moved": message_in("promise", "moved to {when}"),
    "kept_open": message_in("promise", "still ahead"),
    "kept_unknown": message_in("promise", "not known"),
    "kind_law": message_in("source", "law"),
    "kind_filing": message_in("source", "company filing"),
    "kind_survey": message_in("source", "survey or register"),
    "kind_journal": message_in("source", "journal"),
    "kind_government": message_in("source", "government"),
    "kind_company": message_in("source", "company page"),
    "kind_trade_press": message_in("source", "trade press"),
    "kind_press": message_in("source", "press"),
    "kind_aggregator": message_in("source", "digest"),
    "kind_encyclopaedia": message_in("source", "encyclopaedia"),
    "kind_social": message_in("source", "web log or social post"),
    "kind_computed": message_in("source", "computed"),
    "superseded": message("superseded"),
    "superseded_note": message("Superseded figures stand after the current ones, as history."),
}
