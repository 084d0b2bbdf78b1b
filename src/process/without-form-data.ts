// The Azure SDK's pipeline asks for `globalThis.FormData` before each request, and that makes Node load all of its
// fetch: a tenth of the step's time. The step sends no form through the pipeline.
Reflect.deleteProperty(globalThis, 'FormData');
