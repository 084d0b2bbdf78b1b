export { readInputs as readTaskInputs } from './inputs.ts';
