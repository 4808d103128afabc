/** The system's clock. Times in milliseconds since 1970. */
export const systemClock = {
  now: (): number => Date.now(),
  sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
};
