import { INPUTS } from './declarations.ts';

/**
 * A help text of the declarations as plain text, without what leads to a section of the README.
 * @param spell how the host writes an input that the text mentions
 */
export function plainHelp(markdown: string, spell: (name: string) => string = (name) => name): string {
  return markdown
    .replace(/; see \[[^\]]+\]\([^)]+\)/g, '')
    .replace(/`([^`]*)`/g, (_, code: string) => (Object.hasOwn(INPUTS, code) ? spell(code) : code));
}
