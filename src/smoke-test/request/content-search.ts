import { TimeLimitError, withinTime } from '../judge/time-limit.ts';
import type { ContentPath } from '../plan/expectations.ts';

/** Longest time that one stream is searched for its first content: requests are timed and signals wait meanwhile. */
const LONGEST_MS = 1_000;

export interface ContentSearch {
  /** Whether there is content in the data of an event. */
  readonly finds: (value: unknown) => boolean;
  /** The search took too long, or the data was too deep or too large for it: nothing is found any more. */
  readonly isGivenUp: () => boolean;
}

/** The strings that a path finds in the data of one event, joined. Remote text can make it run without end. */
export function contentAt({ find }: ContentPath, value: unknown): string | undefined {
  const found = value === undefined ? [] : find(value).map((node) => node.value);
  const strings = found.filter((each) => typeof each === 'string');
  return strings.length === 0 ? undefined : strings.join('');
}

export function searchContent(content: ContentPath, longestMs = LONGEST_MS): ContentSearch {
  let leftMs = longestMs;
  return {
    finds(value) {
      if (leftMs < 1) return false;
      const beganAt = performance.now();
      try {
        return withinTime(Math.ceil(leftMs), () => contentAt(content, value) ?? '') !== '';
      } catch (error) {
        if (!(error instanceof TimeLimitError || error instanceof RangeError)) throw error;
        leftMs = 0;
        return false;
      } finally {
        leftMs -= performance.now() - beganAt;
      }
    },
    isGivenUp: () => leftMs < 1,
  };
}
