/** `<dataset>/arrived=YYYY-MM-DDTHH/`: where what arrives in an hour (UTC) lies in raw. */
export function arrivalPrefix(dataset: string, arrived: Date): string {
  return `${dataset}/arrived=${arrived.toISOString().slice(0, 13)}/`;
}
