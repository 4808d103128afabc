import { createKernel } from '../../cli/simulator/kernel';

test('a kernel that goes live runs what is due as time passes outside, and wakes for what is scheduled then', async () => {
  const kernel = createKernel({ startMs: 1_000, seed: 1 });
  kernel.schedule(5_000, () => {});
  await kernel.run({ untilMs: 6_000 });
  kernel.goLive();
  const began = performance.now();
  const seen: number[] = [];
  let over = false;
  const running = kernel.run({ until: () => over });
  kernel.schedule(40, () => seen.push(kernel.now()));
  kernel.schedule(80, () => {
    seen.push(kernel.now());
    over = true;
  });
  await running;
  expect(seen[0]).toBeGreaterThanOrEqual(6_040);
  expect(seen[1]).toBeGreaterThanOrEqual(6_080);
  expect(performance.now() - began).toBeGreaterThanOrEqual(79);
});
