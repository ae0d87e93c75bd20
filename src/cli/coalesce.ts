/** Runs a task one at a time: however often it is asked for while it runs, it runs once more afterwards. */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    running = task().finally(() => { running = undefined; });
    return running;
  };
  return () => {
    if (!running) return begin();
    const after = (): Promise<void> => {
      next = undefined;
      return begin();
    };
    next ??= running.then(after, after);
    return next;
  };
}
