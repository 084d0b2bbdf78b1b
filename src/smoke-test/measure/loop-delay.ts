import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long what happens waits until this process sees it, in milliseconds: a part of every latency that it measures. */
export interface LoopDelay {
  readonly mean: number;
  /** Of the same percentile as a latency: `50`, `95`. */
  readonly percentile: (percent: number) => number;
}

export interface LoopDelayMonitor {
  start(): void;
  stop(): void;
  /** Undefined when it ran for too short a time to know. */
  readonly delay: () => LoopDelay | undefined;
}

/** How often it looks, in milliseconds. */
const EVERY_MS = 10;

/** Fewer looks say nothing. */
const FEWEST = 20;

const NANOSECONDS = 1e6;

/** Watches the event loop of this process while requests are under way: a busy runner makes a model look slow. */
export function createLoopDelayMonitor(): LoopDelayMonitor {
  const histogram = monitorEventLoopDelay({ resolution: EVERY_MS });
  // The histogram holds the whole time between two looks.
  const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - EVERY_MS);
  return {
    start: () => void histogram.enable(),
    stop: () => void histogram.disable(),
    delay: () =>
      histogram.count < FEWEST
        ? undefined
        : {
            mean: beyond(histogram.mean),
            percentile: (percent) => beyond(histogram.percentile(percent)),
          },
  };
}
