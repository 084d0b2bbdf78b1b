import type { Secret } from '../secrets/secret.ts';
import type { Verdict } from '../text/verdict.ts';

/** Where an annotation points. GitHub masks nothing here, so a property never holds remote text. */
export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** How a step ended. */
export interface Ending {
  readonly verdict: Verdict;
  /** An `error` that is a mistake in the usage, an input or a file: nothing was sent. */
  readonly isMistake: boolean;
  /** What ended it from without. */
  readonly signal?: NodeJS.Signals | undefined;
}

/** Where the step runs, as the environment says: untrusted text. What is unknown is undefined. */
export interface Origin {
  /** The page of the run or of the job. */
  readonly runUrl?: string | undefined;
  readonly commit?: string | undefined;
  /** The page of the commit. */
  readonly commitUrl?: string | undefined;
}

/**
 * The CI system that runs the step: its log, annotations, outputs and summary.
 * Every text that goes through it is redacted and cannot form a command of the CI system.
 */
export interface Host {
  /** An input as its user gave it, by its name in the declarations; empty or undefined when it was not given. */
  input(name: string): string | undefined;
  /** One or more lines of the log. */
  info(text: string): void;
  /** Shown when the CI system's debug switch is on. */
  debug(text: string): void;
  warning(message: string, place?: AnnotationPlace): void;
  error(message: string, place?: AnnotationPlace): void;
  /** Lines that the log shows folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /** How far the step is: shown in the place of the last one, where that can be done. */
  progress(text: string): void;
  /** A step output. A Secret is revealed here and nowhere else but in a request header. */
  setOutput(name: string, value: string | Secret): void;
  /** False where nobody learns of outputs, so that no file is left behind of which one is the path. */
  readonly tellsOutputs?: boolean;
  /** Appends Markdown to the job summary. */
  writeSummary(markdown: string): void;
  /** Takes the report for programs, where somebody waits for it without naming a directory. */
  report?(pieces: Iterable<string>): void;
  origin(): Origin;
  /** Says how the step ended, after all else. @returns the exit code of the process */
  finish(ending: Ending): number;
}
