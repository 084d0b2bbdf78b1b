export async function packageTask(): Promise<string> {
  return '';
}
