import type { EndpointState } from './state.ts';
import type { NamedSecret } from './tokens.ts';

/** Every key that an endpoint had whenever somebody looked, so that a rotated key is not forgotten. */
export function rememberedKeys(endpoints: ReadonlyMap<string, EndpointState>): {
  remember(): readonly NamedSecret[];
} {
  const seen = new Map<string, NamedSecret>();
  return {
    remember() {
      for (const endpoint of endpoints.values()) {
        for (const [which, value] of Object.entries(endpoint.keys)) {
          if (value !== null && value !== '')
            seen.set(value, { name: `${which} key of ${endpoint.name}`, value });
        }
      }
      return [...seen.values()];
    },
  };
}
