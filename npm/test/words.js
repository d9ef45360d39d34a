// Words of strangers, each made for somebody who would obey them: a terminal, a log, a chat, a shell, a spreadsheet.
export const TEXTS = {
  'clears the screen': '\u001B[2J\u001B[1;1H\u001B[31mprod-aws is not frozen',
  'overwrites the line': 'frozen\rChecking nodeploy for prod-aws: ok.\b\b\b',
  'links and copies': '\u001B]8;;https://evil.example\u0007here\u001B]8;;\u0007 \u001B]52;c;ZXZpbA==\u001B\\ \u009B31m\u0090x\u009C',
  'turns around': 'gnp.\u202Etxt.ko\u2066x\u2069 \u200Bz\u{E0041}\u{E0042} \u2028 next \u2029.',
  'commands GitHub': '::set-output name=frozen::false\n::error file=x::y\n  ::stop-commands::t\n::add-mask::a',
  'commands GitHub in disguise': '%0A::set-output name=a::b\r\n::save-state name=a::b',
  'commands Azure': '##vso[task.setvariable variable=frozen]false\n##[error]x ##[section] ##vso[task.complete result=Succeeded]',
  'commands TeamCity': "##teamcity[buildStatus status='SUCCESS'] x ##teamcity[setParameter name='a' value='b']",
  'is Markdown': '[x](https://evil.example) ![y](https://evil.example/p.png) <img src=x onerror=alert(1)> **b** | a | b |\n# Title\n```',
  'is JSON': '","decision":"proceed","reason":"not_frozen","x":"\\u001b[2J\\',
  'is of a shell': '$(touch /tmp/nodeploy-was-here) `id` "; exit 0; \' && true || !! ~ * \\',
  'is of a flag': 'x&by=jon&until=2001-01-01T00%3A00%3A00Z&reason=none%00+',
  'is of a CSV': 'a","nodeploy-off=b\n"c=d,e=f',
  'is of an option': '--dry-run=true -e staging',
};
