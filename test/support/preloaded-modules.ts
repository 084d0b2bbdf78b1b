/**
 * Options of Node that load a small module before the action: it stands for a library that misbehaves. It acts
 * when the step sends its first request to Resource Manager or the endpoint, thus in the middle of the step.
 */
function beforehand(code: string): readonly string[] {
  const module = `
    import { subscribe } from 'node:diagnostics_channel';
    let asked = false;
    subscribe('http.client.request.start', ({ request }) => {
      if (asked || !/onlineEndpoints/.test(request.path)) return;
      asked = true;
      setImmediate(async () => { ${code} });
    });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(module)}`];
}

export function onceThrown(text: string): readonly string[] {
  return beforehand(`setTimeout(() => { throw new Error(${JSON.stringify(text)}); });`);
}

export function onceRejected(text: string): readonly string[] {
  return beforehand(`Promise.reject(new Error(${JSON.stringify(text)}));`);
}

export function onceWarned(text: string): readonly string[] {
  return beforehand(`process.emitWarning(${JSON.stringify(text)});`);
}

/** Runs any code at that time. */
export function once(code: string): readonly string[] {
  return beforehand(code);
}

/** Code that runs before the action is loaded. */
export function beforeAction(code: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/**
 * Sends the first attempt of each request to a port where nobody listens, so that its connection is refused. At its
 * end the step says `Refused once: ` and the path of each.
 */
export function refusedOnce(): readonly string[] {
  return beforeAction(`
    import { writeSync } from 'node:fs';
    const refused = new Set();
    ${whenConnecting(`
      if (refused.has(path)) return options;
      refused.add(path);
      return { ...options, port: 1 };`)}
    process.on('exit', () => {
      for (const path of refused) writeSync(1, \`Refused once: \${path}\\n\`);
    });`);
}

/**
 * Code that changes the options of connections.
 * @param body of a function of the request's `path` and the `options`; scoring requests have connections of their own,
 *   without an agent's request, and their path is `/score`
 */
export function whenConnecting(body: string): string {
  return `
    import http from 'node:http';
    import https from 'node:https';
    const { addRequest } = http.Agent.prototype;
    const { createConnection } = https.Agent.prototype;
    const changed = (path, options) => {${body}};
    http.Agent.prototype.addRequest = function (request, options) {
      return addRequest.call(this, request, changed(request.path, options));
    };
    https.Agent.prototype.createConnection = function (options, ...rest) {
      const isScoring = options._agentKey === undefined;
      return createConnection.call(this, isScoring ? changed('/score', options) : options, ...rest);
    };`;
}

/** Fails to look up the host of the first request to each path that matches, with this error code. */
export function notFoundOnce(code: 'ENOTFOUND' | 'EAI_AGAIN', path: RegExp): readonly string[] {
  return beforeAction(`
    const lookup = (host, _, done) => done(Object.assign(new Error('getaddrinfo ${code} ' + host), { code: '${code}' }));
    const failed = new Set();
    ${whenConnecting(`
      if (failed.has(path) || !${path}.test(path)) return options;
      failed.add(path);
      return { ...options, host: 'nowhere.invalid', hostname: 'nowhere.invalid', lookup };`)}`);
}

/** Sends every request whose path matches to another host, as a wrong DNS or network would. */
export function misdirected(path: RegExp, host: string): readonly string[] {
  const { hostname, port } = new URL(`https://${host}`);
  const there = JSON.stringify({ host: hostname, hostname, port: Number(port || 443) });
  return beforeAction(`
    import http from 'node:http';
    const { addRequest } = http.Agent.prototype;
    http.Agent.prototype.addRequest = function (request, options) {
      return addRequest.call(this, request, ${path}.test(request.path) ? { ...options, ...${there} } : options);
    };`);
}

/** Time that passes as many times as fast for whoever waits, so that a deadline of a minute is soon over. */
export function fastClock(factor: number): readonly string[] {
  return beforeAction(`
    import { promisify } from 'node:util';
    const { setTimeout: wait } = globalThis;
    const limit = AbortSignal.timeout;
    globalThis.setTimeout = Object.assign((run, ms, ...rest) => wait(run, ms / ${factor}, ...rest), {
      [promisify.custom]: wait[promisify.custom],
    });
    AbortSignal.timeout = (ms) => limit.call(AbortSignal, Math.round(ms / ${factor}));`);
}
