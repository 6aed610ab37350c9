package comm.worker.kernel;

/**
 * How a host runtime runs a callable. A kernel in Java may read it; nothing else is done with it
 * there. The defaults are those of the ported system.
 *
 * @param blockDim blocks to run on, at least 1
 * @param aicpuThreads threads of the device's AI CPU, at least 1
 * @param profiling whether the runtime records profiling data
 * @param dumpTensors whether the runtime dumps tensors
 */
public record RunConfig(int blockDim, int aicpuThreads, boolean profiling, boolean dumpTensors) {

  /** 24 blocks, 3 AI CPU threads, no profiling, no dump. */
  public static final RunConfig DEFAULT = new RunConfig(24, 3, false, false);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is less than 1
   */
  public RunConfig {
    if (blockDim < 1 || aicpuThreads < 1) {
      throw new IllegalArgumentException(
          "blockDim and aicpuThreads must be at least 1, but are "
              + blockDim
              + " and "
              + aicpuThreads);
    }
  }
}
