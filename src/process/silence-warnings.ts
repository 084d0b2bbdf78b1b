// The runner reads stderr before stdout, thus before any mask: nothing may ever be printed there. Libraries
// and Node itself would, when their debug switches are on, and so would a warning.
for (const name of ['AZURE_LOG_LEVEL', 'DEBUG']) delete process.env[name];
process.removeAllListeners('warning');
process.stderr.write = (_chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
  const done = typeof encoding === 'function' ? encoding : callback;
  if (typeof done === 'function') process.nextTick(done);
  return true;
};
