import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { createCommandReader, splitLines } from '../runner/commands.ts';
import type { Seen } from './scenario.ts';

const XSD = readFileSync(new URL('../fixtures/junit/junit-10.xsd', import.meta.url), 'utf8');
const SCHEMA: unknown = JSON.parse(
  readFileSync(new URL('../../report.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
const keepsSchema = ajv.compile(SCHEMA as object);

/** Commands in each form, after each end of a line that some program knows. */
const COMMANDS = [
  ...[
    '\n',
    '\r',
    '\r\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u000b',
    '\f',
    '\n \t\u00a0\u3000',
    '\n\ufeff',
    '\n\u200b',
  ].map((end) => `${end}::error file=planted.ts,line=1::planted`),
  '\n::add-mask::westeurope',
  '\n::set-output name=verdict::planted',
  '\n::save-state name=planted::planted',
  '\n::group::planted',
  '\n::endgroup::',
  '\n::echo::on',
  '\n::debug::planted',
  '\n::add-matcher::planted.json',
  '\nsome text ##[error]planted',
  ' ##[warning file=planted.ts]planted',
  ' ##[add-mask]westeurope',
  ' ###[group]planted',
  ' #\u200b#[error]planted',
  ' ##\u001b[0m[error]planted',
  '\n:\u00ad:error::planted',
  '\n\u001b[2K\u001b[1A::error::planted',
  '\n::stop-commands::planted',
  ' ##[stop-commands]planted',
];

const MARKUP = [
  '<script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">planted</a>',
  '</code></td></tr></table></details><!-- planted',
  ']]></failure><testcase name="planted"/>',
  '![planted](https://evil.example/x.png) [planted](https://evil.example) <https://evil.example>',
  'https://evil.example www.evil.example @octocat octo/churn#1 #1 :tada: $x^2$ ~~planted~~ **planted** _planted_ `planted`',
  '\n\n### planted\n\n| planted | table |\n|---|---|\n\n```mermaid\ngraph\n```\n~~~\n> planted\n- [ ] planted\n---\n',
  `$${'{{ secrets.GITHUB_TOKEN }}'}`,
];

const DISGUISE =
  '\u202eevil\u202c \u2066planted\u2069 \u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007 \u009b31m \0\b\u007f \ufffe \ufeff \ud800 "\' &amp; \\';

/** All that a service may try in one text. */
export const HOSTILE = [...COMMANDS, ...MARKUP, DISGUISE].join(' ');

/** The same as the value of a header, which has no line ends and no letters beyond one byte. */
export const HOSTILE_HEADER =
  `::error::planted ##[error]planted ##[stop-commands]planted ${MARKUP.join(' ')} \u0085\u00a0\u009b\u00ad\u00ff`.replace(
    /[\r\n]/g,
    ' ',
  );

const OWN_COMMANDS = new Set(['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning']);

/** The only links that report.html may have: to web pages, of which a server on this machine has no certificate. */
const HARMLESS_LINK =
  /<a href="(?:https:\/\/(?!evil\.)|http:\/\/127\.0\.0\.1:)[^"<>\s]*" rel="noreferrer noopener">/g;

const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Holds a step against all that hostile text could do to it: to the runner, to the summary, to its files. */
export async function expectHarmless(seen: Seen): Promise<void> {
  const reader = createCommandReader();
  let groups = 0;
  for (const line of splitLines(seen.stdout)) {
    const read = reader.read(line);
    expect(read.kind, line).not.toMatch(/stop|resume/);
    if (read.kind !== 'command') continue;
    expect(OWN_COMMANDS, line).toContain(read.name);
    if (read.name === 'group') groups += 1;
    if (read.name === 'endgroup') groups -= 1;
    expect([0, 1], line).toContain(groups);
    expect(read.command.v).toBe('v2');
    expect(read.command.data, line).not.toMatch(/^\s*planted/);
    expect(JSON.stringify(read.command.props), line).not.toContain('planted');
  }
  expect(groups).toBe(0);
  expect(seen.masks).not.toContain('westeurope');
  expect(seen.masks).not.toContain('planted');
  expect(seen.state).toEqual({});
  expect(seen.exportedEnv).toEqual({});
  expect(seen.outputs.verdict).not.toBe('planted');
  expect(unseenIn(seen.stdout)).toBe('');

  expectPlain(seen.rawSummary);
  const file = (name: string): string | undefined => {
    const bytes = seen.changedFiles[`workspace/reports/${name}`];
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  };
  const [json, xml, html] = [file('report.json'), file('junit.xml'), file('report.html')];
  if (json !== undefined) {
    keepsSchema(JSON.parse(json));
    expect(keepsSchema.errors).toBe(null);
    expect(unseenIn(json)).toBe('');
  }
  if (xml !== undefined) {
    expect((await validateXML({ xml, schema: XSD })).errors).toEqual([]);
    expect(xml).not.toContain('<testcase name="planted"');
    expect(unseenIn(xml)).toBe('');
  }
  if (html !== undefined) {
    expect(html).not.toMatch(/<(?:script|img)\b|<!-- planted/i);
    expect(html.replace(HARMLESS_LINK, '')).not.toMatch(/<a\b/i);
    expect(unseenIn(html)).toBe('');
  }
}

/** The first character that a reader cannot see, with what stands around it. */
function unseenIn(text: string): string {
  const at = text.search(UNSEEN);
  return at < 0 ? '' : JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
}

function expectPlain(summary: string): void {
  expect(unseenIn(summary)).toBe('');
  expect(summary).not.toMatch(/<(?:script|img|a)\b|<!--|!\[|\]\(|<https?:/i);
  expect(summary).not.toMatch(/^\s*(?:#+ planted|\| planted|~~~|> planted|- \[ \]|---\s*$)/m);
  expect(summary).not.toMatch(
    /https:\/\/evil|www\.evil|@octocat|\*\*planted|~~planted|`planted|#1\b(?<!&#1)/,
  );
  expect(summary).not.toContain('$'.concat('{{'));
  expect(summary.match(/```/g)?.length ?? 0).toBeLessThanOrEqual(2);
}
