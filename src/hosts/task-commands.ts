// The part of azure-pipelines-task-lib that writes logging commands. Its entry would write a key into the temp folder,
// and print each input as it is read. What it exports is not typed as a module.
export { TaskCommand } from 'azure-pipelines-task-lib/taskcommand.js';
