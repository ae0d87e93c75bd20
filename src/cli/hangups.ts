/** SIGHUPs that came before there was anything to reload. */
export interface Hangups {
  /** Leaves the signal to others; true when it came meanwhile. */
  release(): boolean;
}

/** Notes SIGHUP from now on: it would end a process that is still starting. */
export function holdHangups(): Hangups {
  let came = false;
  const note = (): void => { came = true; };
  process.on('SIGHUP', note);
  return {
    release() {
      process.off('SIGHUP', note);
      return came;
    },
  };
}
