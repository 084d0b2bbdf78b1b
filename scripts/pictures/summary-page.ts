import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Theme } from './browser.ts';

/** Too large to be installed for everybody: Mermaid alone takes 123 MB. */
const RENDERERS = ['mermaid', 'marked', 'github-markdown-css'] as const;

/** How to get what the page needs, where it is not installed. */
export const HOW_TO_INSTALL = `npm install --no-save ${RENDERERS.join(' ')}`;

/**
 * A job summary as GitHub shows it, down to its Mermaid chart, which is drawn.
 * @param modules the folder that the renderers are installed in
 * @returns undefined when one of them is missing
 */
export async function summaryPage(
  markdown: string,
  theme: Theme,
  modules: string,
): Promise<string | undefined> {
  if (RENDERERS.some((name) => !existsSync(join(modules, name)))) return undefined;
  const { parse } = (await import(pathToFileURL(join(modules, 'marked/lib/marked.esm.js')).href)) as {
    parse(text: string): string;
  };
  const css = readFileSync(join(modules, `github-markdown-css/github-markdown-${theme}.css`), 'utf8');
  const mermaid = pathToFileURL(join(modules, 'mermaid/dist/mermaid.min.js')).href;
  return `<!doctype html><meta charset="utf-8"><style>${css}
html { background: ${theme === 'dark' ? '#0d1117' : '#ffffff'}; }
.markdown-body { margin: 0; padding: 16px 24px; border: 1px solid #8b949e66; border-radius: 8px; } .mermaid { text-align: center; background: none !important; }
.mermaid ~ * { display: none !important; } .mark { height: 1em; vertical-align: -0.1em; }
</style><body class="markdown-body">${marks(charts(alerts(parse(markdown))))}<script src="${mermaid}"></script>
<script>mermaid.initialize({ startOnLoad: true, theme: '${theme === 'dark' ? 'dark' : 'default'}', securityLevel: 'strict' });</script>`;
}

/** GitHub's boxes, which Markdown calls quotations. */
function alerts(html: string): string {
  return html.replace(
    /<blockquote>\s*<p>\[!(\w+)\]\s*([\s\S]*?)<\/blockquote>/g,
    (_whole, kind: string, text: string) =>
      `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${kind[0]}${kind.slice(1).toLowerCase()}</p><p>${text}</div>`,
  );
}

function charts(html: string): string {
  return html.replace(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    (_whole, chart: string) => `<pre class="mermaid">${chart}</pre>`,
  );
}

const DRAWN: Readonly<Record<string, string>> = {
  '✅': '<rect width="16" height="16" rx="3" fill="#2da44e"/><path d="M4 8.5l3 3 5-7"',
  '❌': '<rect width="16" height="16" rx="3" fill="#cf222e"/><path d="M4.5 4.5l7 7m0-7l-7 7"',
};

/** Drawn, since a machine without a screen seldom has a font with emoji. */
function marks(html: string): string {
  return html.replace(
    /[✅❌]/gu,
    (mark) =>
      `<svg class="mark" viewBox="0 0 16 16">${DRAWN[mark]} fill="none" stroke="#ffffff" stroke-width="2.2"/></svg>`,
  );
}
