export const HELP = `nodeploy: a change freeze for Kosli environments

Usage: nodeploy [-e ENV] [-r REASON] on|off|assert|status|windows|sync [options]
       nodeploy local [--dir DIR] [--port N]

  on        stop deployments to ENV; needs a reason
  off       lift your own freeze, or the ones named
  assert    the gate of a pipeline: exit 0 if ENV is not frozen, 1 if it is, 2 if that is not known
  status    who froze ENV, why, since when and until when: exit 0 if that can be told, 2 if not
  windows   when the policy closes ENV, or (without -e) anything; needs no Kosli account for that
  sync      mend what was left half done, end what has run out; made for a cron job
  local     serve a Kosli of your own on 127.0.0.1, to try things out (nodeploy local --help)

Options, in any place:
  -e, --environment ENV   the Kosli environment                                  [NODEPLOY_ENV]
  -r, --reason REASON     why deployments must stop (on), or may go on (off)
      --until TIME        when it ends: 90m, 2h30m, 18:00 (the next one here), 2024-11-01T09:00 (here),
                          2024-11-01T09:00:00Z
      --by NAME           who freezes (default: in a CI its actor; elsewhere your login, else git's user.name;
                          no name that many share; --by= for nobody, as the script's freezes) [NODEPLOY_BY]
      --freeze ID         off: this freeze, whoever's; may be repeated. on: take up this one again
      --all               off: every freeze of ENV
      --policy FILE       the freeze windows (default: nodeploy.yaml, .yml or .json in this folder, if there
                          is one; --policy= for none)                       [NODEPLOY_POLICY]
      --needs SPAN        assert: ENV must stay open that long: 20m, 2h, PT90M
      --wait SPAN         assert: wait for ENV to open, that long at most
      --at TIME           assert, status, windows: decide for then: 18:00, or 2026-12-24T18:00:00Z
      --exit-code         status: exit as assert does: 1 if ENV is frozen
      --days N, --ics     windows: so many days (default: 90); print an iCalendar file
      --org ORG           the Kosli organisation                                 [KOSLI_ORG]
      --host URL          where Kosli is (default: https://app.kosli.com)        [KOSLI_HOST]
      --via http|cli      talk to Kosli's API (default), or run the kosli CLI
      --program PATH      the kosli CLI (default: kosli, found on PATH)
      --local DIR         ask a local Kosli in the folder DIR instead, and nobody else
      --dry-run           look, then print each kosli command as a line for a shell; change nothing
      --timeout SPAN      the longest that one look at Kosli may take (default: 60s); writes are waited for
      --json, -o json     print one JSON document on stdout, errors too
      --version, -h, --help   alone, or after a verb: nodeploy assert --help

The token comes from KOSLI_API_TOKEN. HTTPS_PROXY and NO_PROXY are followed, KOSLI_MAX_API_RETRIES too.
A certificate authority of your own: NODE_EXTRA_CA_CERTS=FILE.

Examples:
  nodeploy -e prod-aws -r "database migration" --until 2h on
  nodeploy -e prod-aws assert --wait 30m
  nodeploy -e prod-aws off
  nodeploy -e prod-aws off --freeze 2024-10-31T10.44.48~steve
  nodeploy -e prod-aws -r "trying it out" --local ./sandbox on

Exit codes: 0 proceed, 1 refused (frozen), 2 error. Only 0 may let a deployment through.
`;
