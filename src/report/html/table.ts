import { count } from '../phrases.ts';

/** From so many columns on, a table may be wider than the screen of a phone. */
const WIDE = 5;

interface Column {
  readonly name: string;
  /** Numbers are aligned to the right and never broken; text may be broken anywhere. */
  readonly kind?: 'number' | 'text';
}

/**
 * @param caption text without tags
 * @param rows HTML; the first cell is the row's heading
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const classOf = (index: number): string => ` class="${columns[index]?.kind ?? 'plain'}"`;
  const head = columns.map(({ name }, index) => `<th scope="col"${classOf(index)}>${name}</th>`).join('');
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((cell, index) => `<td${classOf(index + 1)}>${cell}</td>`);
    return `<tr><th scope="row"${classOf(0)}>${first}</th>${cells.join('')}</tr>`;
  });
  const hint =
    columns.length < WIDE ? '' : '<p class="hint">Scroll the table sideways to see all of it.</p>\n';
  return `${hint}<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}

/** `… and 3 cases more.`; empty when all are shown. */
export function more(length: number, most: number, noun: string): string {
  return length > most ? `<p class="note">… and ${count(length - most, noun)} more.</p>` : '';
}
