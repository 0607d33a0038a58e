/** How a person gets a tool onto this system: one command to type. */
export interface SystemPackage {
  readonly debian: string;
  readonly brew: string;
  readonly winget: string;
}

export function installCommand({ debian, brew, winget }: SystemPackage): string {
  if (process.platform === 'darwin') return `brew install ${brew}`;
  if (process.platform === 'win32') return `winget install ${winget}`;
  return process.getuid?.() === 0 ? `apt-get install -y ${debian}` : `sudo apt-get install -y ${debian}`;
}
