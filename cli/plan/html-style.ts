/** The page's whole style: no font, image or script is fetched, so it opens from an attachment or an artefact. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6577; --line: #d9dee7; --card: #fff; --page: #f5f7fa;
  --accent: #1f6feb; --bad: #c62828; --warn: #9a6700; --good: #1a7f37; --bar: #8ab4f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b5; --line: #333b49; --card: #1b212c;
  --page: #12161d; --accent: #79b0ff; --bad: #ff8a80; --warn: #e3b341; --good: #57d37a; --bar: #2f5fa8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
section, header { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem;
  margin-bottom: 1rem; overflow-x: auto; }
.figures { display: flex; flex-wrap: wrap; gap: 2rem; margin-top: .8rem; }
.figures b { display: block; font-size: 1.5rem; line-height: 1.2; }
.soft, th { color: var(--soft); font-weight: normal; }
.bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--page); border-radius: 6px; padding: .7rem; white-space: pre-wrap; margin: .4rem 0; }
.bar { background: var(--bar); height: .6rem; border-radius: 3px; min-width: 2px; }
details { padding-left: 1rem; } details > summary { cursor: pointer; margin-left: -1rem; padding: .1rem 0; }
ul { margin: 0; padding-left: 1.2rem; }
`;
