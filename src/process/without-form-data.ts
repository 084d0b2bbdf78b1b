// The Azure SDK's pipeline asks for `globalThis.FormData` before each request, and that makes Node load all of its
// fetch: a twentieth of the processor time of a step. The step sends no form through the pipeline.
Reflect.deleteProperty(globalThis, 'FormData');
