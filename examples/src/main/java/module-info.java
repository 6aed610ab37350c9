import org.jspecify.annotations.NullMarked;

/**
 * Small programs for a first look. Each runs on any number of ranks or chips, prints what it proves
 * and ends with a nonzero exit code if it doesn't hold. Begin with {@code AllReduce}, where every
 * rank runs the program, and then {@code AllreduceDistributed}, where one process drives chips.
 *
 * <p>The module requires no backend: it is found at run time.
 *
 * @provides comm.worker.kernel.Kernel the kernels that the examples run on chips
 */
@NullMarked
module comm.examples {
  requires comm.api;
  requires comm.worker;
  requires static org.jspecify;

  provides comm.worker.kernel.Kernel with
      comm.examples.kernels.AllreduceKernel,
      comm.examples.kernels.MatmulKernel,
      comm.examples.kernels.PushSumKernel;
}
