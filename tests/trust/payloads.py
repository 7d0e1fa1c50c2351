"""What a stranger may write into a name: markup, scripts, templates, formulas, typst, SQL, shell, control signs."""

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><svg/onload=alert(1)>",
    "`-alert(1)-`",
    "${alert(1)}",
    "{{7*7}} {% raw %}",
    "[a](javascript:alert(1)) **bold** # head",
    '#read("/etc/passwd") *strong* $x^2$ @ref <label>',
    '#eval("1+1") #sys.inputs \\u{41} // comment',
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "'; DROP TABLE sites; --",
    "$(touch owned) `touch owned` | touch owned",
    "\u202egpj.exe\u202c",
    "&lt;b&gt; &amp; ]]>",
    "../../etc/passwd",
    "\x1b[31mred\x07",
    "%s %n {0} {name.__class__}",
)  # fmt: skip
