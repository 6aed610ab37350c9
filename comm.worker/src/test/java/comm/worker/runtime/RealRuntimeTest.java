package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import comm.worker.kernel.HostRuntime;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The host runtime that the environment names. */
@Tag("hardware")
@EnabledIfEnvironmentVariable(named = HostRuntime.LIBRARY_VARIABLE, matches = ".+")
class RealRuntimeTest {

  @Test
  void keeps_what_was_copied_to_it() {
    HostRuntime runtime = HostRuntime.fromEnvironment(System.getenv()).orElseThrow();
    NativeDevice device = NativeDevice.open(runtime);
    try {
      device.setDevice(0);
      long address = device.malloc(4096);
      assertNotEquals(0, address);
      byte[] sent = new byte[4096];
      sent[0] = 1;
      sent[4095] = 2;
      device.copyTo(address, ByteBuffer.wrap(sent));
      byte[] received = new byte[4096];
      device.copyFrom(ByteBuffer.wrap(received), address);
      assertArrayEquals(sent, received);
      device.free(address);
      device.finalizeDevice();
    } finally {
      device.close();
    }
  }
}
