import type { Secret } from '../secrets/secret.ts';

/** Where an annotation points. GitHub masks nothing here, so a property never holds remote text. */
export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/**
 * The CI system that runs the step: its log, annotations, outputs and summary.
 * Every text that goes through it is redacted and cannot form a command of the CI system.
 */
export interface Host {
  /** One or more lines of the log. */
  info(text: string): void;
  /** Shown when the CI system's debug switch is on. */
  debug(text: string): void;
  warning(message: string, place?: AnnotationPlace): void;
  error(message: string, place?: AnnotationPlace): void;
  /** Lines that the log shows folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /** A step output. A Secret is revealed here and nowhere else but in a request header. */
  setOutput(name: string, value: string | Secret): void;
  /** Appends Markdown to the job summary. */
  writeSummary(markdown: string): void;
}
