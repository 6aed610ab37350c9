package comm.tests.worker;

import comm.worker.ChipContext;
import comm.worker.Worker;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.DataType;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;

/**
 * Opens a worker of two chips, again and again, or once, if told so; runs tasks that wait for
 * nobody, if told to run.
 */
public final class Driver {

  private Driver() {}

  public static void main(String[] args) throws IOException {
    String mode = args.length > 0 ? args[0] : "";
    do {
      try (Worker worker =
          Worker.builder()
              .backend("sim")
              .ranks(2, 1 << 16, ChipBufferSpec.of("word", DataType.INT64, 1))
              .open()) {
        System.out.println("open");
        if (mode.equals("run")) {
          worker.run(
              orch -> {
                for (ChipContext chip : orch.chips()) {
                  orch.submit(
                      chip.index(),
                      ChipCallable.of(Kernels.AwaitNobody.class),
                      TaskArgs.of(chip.buffer("word")));
                }
                return true;
              });
        }
      }
    } while (!mode.equals("once"));
  }
}
