/** Why the emulator could not be started, prepared or used. Stable: tests and scripts may match on it. */
export type EmulatorErrorCode =
  | 'python_missing'
  | 'python_too_old'
  | 'venv_missing'
  | 'install_failed'
  | 'port_taken'
  | 'already_running'
  | 'not_ready'
  | 'endpoint_unreachable'
  | 'not_an_emulator'
  | 'cdk_missing'
  | 'command_failed'
  | 'stack_failed'
  | 'template_unreadable';

/** A fault around the emulator. `message` says what is wrong and, after it, what to do about it. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';

  constructor(
    readonly code: EmulatorErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
