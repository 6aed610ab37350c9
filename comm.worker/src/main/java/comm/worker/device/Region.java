package comm.worker.device;

import comm.worker.kernel.ChipMemory;

/** Memory without gaps. Its addresses begin at 0; accesses have been checked against its size. */
interface Region extends ChipMemory {

  long size();

  /** What it is, for messages. */
  String describe();
}
