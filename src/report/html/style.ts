/** Every text colour has a contrast of at least 4.5 to what is behind it, in both schemes. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1b1f24; --muted: #57606a; --line: #d0d7de; --row: #f6f8fa;
  --good: #116329; --bad: #b3261e; --odd: #7d4e00; --dot: #0a5fb4; --limit: #7a2ea0; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --text: #e6edf3; --muted: #9aa5b1; --line: #3a434d; --row: #181e25;
    --good: #6fdd8b; --bad: #ff9a92; --odd: #f0b955; --dot: #79b8ff; --limit: #d9a5f5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1400px; padding: 16px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 12px; }
h2 { font-size: 1.15rem; margin: 28px 0 8px; }
.message { border-left: 4px solid currentColor; margin: 0 0 16px; padding: 4px 12px; white-space: pre-wrap; }
.passed-run { color: var(--good); } .failed-run, .error-run { color: var(--bad); } .inconclusive-run { color: var(--odd); }
.scroll { overflow-x: auto; } .said { white-space: pre-wrap; } .hint { color: var(--muted); display: none; font-size: .9em; margin: 0 0 4px; }
a { color: var(--dot); }
table { border-collapse: collapse; min-width: 100%; }
caption { max-width: calc(100vw - 32px); text-align: left; color: var(--muted); padding: 0 0 6px; }
th, td { border-top: 1px solid var(--line); padding: 6px 10px; text-align: left; vertical-align: top; unicode-bidi: isolate; }
thead th { border-top: 0; border-bottom: 1px solid var(--muted); }
tbody tr:nth-child(even) { background: var(--row); }
th { font-weight: 600; } tbody th { font-weight: 400; min-width: 7.5rem; } tbody th.number { min-width: 0; }
thead th { overflow-wrap: normal; } .whole { white-space: nowrap; } .word { overflow-wrap: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
.text { min-width: 6rem; } .lead { color: var(--muted); margin: 0 0 12px; }
.met { color: var(--good); } .missed { color: var(--bad); } .unsure { color: var(--odd); }
.note { color: var(--muted); font-size: .9em; margin: 4px 0 0; }
code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .9em; white-space: pre-wrap; }
pre { background: var(--row); font: .85em/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; margin: 6px 0 12px;
  max-height: 24em; overflow: auto; padding: 8px 12px; white-space: pre-wrap; } summary { cursor: pointer; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 4px 16px; margin: 0; }
dt { color: var(--muted); } dd { margin: 0; min-width: 0; unicode-bidi: isolate; }
.panels { display: grid; gap: 24px; grid-template-columns: minmax(0, 760px); }
figure { margin: 0; } figcaption { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 4px 0; padding: 0; }
.legend svg { vertical-align: -2px; }
.plot { display: block; width: 100%; height: auto; }
.plot.wide { display: none; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--muted); }
svg path { fill: none; stroke: var(--line); }
svg .axis { stroke: var(--muted); }
svg .passed, svg.passed path { stroke: var(--dot); stroke-width: 6; stroke-linecap: round; opacity: .75; }
svg .passed.many { stroke-width: 3; opacity: .5; }
svg .failed, svg.failed path { stroke: var(--bad); stroke-width: 2; }
svg .unanswered, svg.unanswered path { stroke: var(--odd); stroke-width: 1.5; fill: var(--page); }
svg path.percentile { stroke: var(--text); stroke-width: 1.25; } svg text.percentile { fill: var(--text); }
svg path.limit { stroke: var(--limit); stroke-width: 1.75; stroke-dasharray: 6 4; } svg text.limit { fill: var(--limit); }
footer { border-top: 1px solid var(--line); color: var(--muted); margin-top: 28px; padding-top: 8px; }
@media (max-width: 599px) { th, td { padding: 5px 6px; } .hint { display: block; } }
@media (min-width: 600px) { .plot.narrow { display: none; } .plot.wide { display: block; } body { padding: 24px; } }
@media (min-width: 1100px) { .panels.two { grid-template-columns: 1fr 1fr; } }
`;
