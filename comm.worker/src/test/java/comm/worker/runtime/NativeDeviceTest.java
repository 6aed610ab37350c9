package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A chip on a native host runtime. */
class NativeDeviceTest {

  private final NativeRuntime full = NativeRuntime.of("full");

  @TempDir private Path directory;

  @AfterEach
  void nothing_is_left() {
    full.reset();
    assertEquals(0, full.live());
  }

  private NativeDevice open() {
    NativeDevice device = NativeDevice.open(full.runtime());
    device.setDevice(3);
    return device;
  }

  private static ChipException fails(String message, Executable call) {
    ChipException failure = assertThrows(ChipException.class, call);
    assertTrue(String.valueOf(failure.getMessage()).contains(message), failure.getMessage());
    return failure;
  }

  private static void refused(String message, Executable call) {
    IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, call);
    assertTrue(String.valueOf(failure.getMessage()).contains(message), failure.getMessage());
  }

  private static ChipCallable callable(String name) {
    return new ChipCallable.Binary(name, (name + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    new Random(bytes).nextBytes(random);
    return random;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Test
  void copies_buffers_of_all_kinds_and_sizes() {
    NativeDevice device = open();
    for (int bytes : new int[] {0, 1, 4097, (1 << 20) - 1, 1 << 20, (3 << 20) + 5}) {
      byte[] sent = random(bytes);
      long address = device.malloc(Math.max(1, bytes));
      assertNotEquals(0, address);

      ByteBuffer heap = ByteBuffer.wrap(sent).asReadOnlyBuffer();
      device.copyTo(address, heap);
      assertEquals(bytes, heap.position());
      ByteBuffer back = ByteBuffer.allocateDirect(bytes);
      device.copyFrom(back, address);
      assertEquals(bytes, back.position());
      assertEquals(ByteBuffer.wrap(sent), back.flip(), bytes + " bytes from the heap");

      byte[] other = random(bytes + 1);
      device.copyTo(address, direct(other).limit(bytes));
      byte[] received = new byte[bytes];
      device.copyFrom(ByteBuffer.wrap(received), address);
      assertEquals(ByteBuffer.wrap(other, 0, bytes), ByteBuffer.wrap(received));
      device.free(address);
    }
    assertEquals(0, full.live("allocations"));
    device.close();
  }

  @Test
  void copies_what_remains_of_a_buffer_only() {
    NativeDevice device = open();
    long address = device.malloc(8);
    for (boolean onHeap : new boolean[] {true, false}) {
      byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7};
      ByteBuffer source = onHeap ? ByteBuffer.wrap(bytes) : direct(bytes);
      device.copyTo(address, source.position(2).limit(6));
      assertEquals(6, source.position());
      ByteBuffer target = onHeap ? ByteBuffer.allocate(8) : ByteBuffer.allocateDirect(8);
      device.copyFrom(target.position(1).limit(5), address);
      byte[] received = new byte[8];
      target.clear().get(received);
      assertArrayEquals(new byte[] {0, 2, 3, 4, 5, 0, 0, 0}, received);
    }
    device.close();
  }

  @Test
  void refuses_to_free_what_is_not_allocated() {
    NativeDevice device = open();
    long address = device.malloc(8);
    device.free(address);
    refused("0x" + Long.toHexString(address), () -> device.free(address));
    refused("free was given 0x0", () -> device.free(0));
    long late = device.malloc(8);
    device.finalizeDevice();
    refused("no device", () -> device.free(late));
    device.close();
  }

  @Test
  void tells_the_code_the_device_and_the_library_of_each_failure() {
    String library = full.runtime().library().toString();
    NativeDevice device = open();
    long address = device.malloc(8);
    ByteBuffer eight = ByteBuffer.allocate(8);
    full.fail(
        "set_device=-5,device_malloc_ctx=-1,copy_to_device_ctx=7,copy_from_device_ctx=8,"
            + "run_runtime=507018,ensure_acl_ready_ctx=9,destroy_comm_stream_ctx=10,"
            + "finalize_device=11");
    assertEquals(
        -5, fails("set_device failed with code -5: device 4", () -> device.setDevice(4)).code());
    fails("malloc failed: 64 bytes, device 3", () -> device.malloc(64));
    assertEquals(
        7, fails("copy_to failed with code 7", () -> device.copyTo(address, eight)).code());
    fails("copy_from failed with code 8", () -> device.copyFrom(eight, address));
    fails(
        "run_runtime failed with code 507018",
        () -> device.run(callable("copy"), TaskArgs.none(), RunConfig.DEFAULT, 3));
    fails("ensure_acl_ready failed with code 9", () -> device.createStream(3));
    fails("destroy_comm_stream failed with code 10", () -> device.destroyStream(0));
    ChipException last = fails("finalize_device failed with code 11", device::finalizeDevice);
    assertTrue(String.valueOf(last.getMessage()).contains("device 3, host runtime " + library));
    device.close();
  }

  @Test
  void leaves_nothing_if_it_cannot_be_opened() {
    full.fail("create_device_context=-1");
    fails("create_device_context returned null", () -> NativeDevice.open(full.runtime()));
    full.fail("");
    Path nowhere = directory.resolve("aicore.bin");
    HostRuntime without =
        new HostRuntime(
            full.runtime().library(),
            full.runtime().simContext(),
            Optional.empty(),
            Optional.of(nowhere));
    fails("Failed to open binary file: " + nowhere, () -> NativeDevice.open(without));
    assertEquals(0, full.live("contexts"));
  }

  @Test
  void frees_everything_with_its_context() {
    NativeDevice device = open();
    NativeDevice other = open();
    assertTrue(device.malloc(1 << 20) != other.malloc(64));
    assertEquals(2, full.live("contexts"));
    assertEquals(2, full.live("allocations"));
    device.close();
    device.close();
    assertEquals(1, full.live("allocations"));
    other.close();
  }

  @Test
  void runs_a_compiled_callable() {
    NativeDevice device = open();
    long address = device.malloc(8);
    device.run(callable("add_scalars"), TaskArgs.of(address, 40, 3, -1), RunConfig.DEFAULT, 3);
    ByteBuffer sum = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    device.copyFrom(sum, address);
    assertEquals(42, sum.getLong(0));
    ChipException failure =
        fails(
            "run_runtime failed with code 17: callable fail:17",
            () -> device.run(callable("fail:17"), TaskArgs.none(), RunConfig.DEFAULT, 3));
    assertEquals(17, failure.code());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> device.run(ChipCallable.named("Sum"), TaskArgs.none(), RunConfig.DEFAULT, 3));
    assertTrue(String.valueOf(refused.getMessage()).contains("ChipCallable.Binary"));
    device.close();
  }

  @Test
  void hands_binaries_and_configuration_to_each_run() throws IOException {
    Path aicpu = Files.write(directory.resolve("aicpu.so"), new byte[] {1, 2, 3});
    Path aicore = Files.write(directory.resolve("aicore.o"), new byte[] {4, 5, 6, 7, 8});
    NativeDevice device =
        NativeDevice.open(
            new HostRuntime(
                full.runtime().library(),
                full.runtime().simContext(),
                Optional.of(aicpu),
                Optional.of(aicore)));
    device.setDevice(0);
    long address = device.malloc(72);
    for (int round = 0; round < 2; round++) {
      device.run(callable("report"), TaskArgs.of(address), new RunConfig(7, 2, true, false), 5);
      ByteBuffer told = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
      device.copyFrom(told, address);
      long[] values = new long[9];
      told.flip().asLongBuffer().get(values);
      assertArrayEquals(new long[] {7, 2, 5, 3, 5, 1, 0, 3, 8}, values);
    }
    device.close();
  }

  @Test
  void a_simulated_chip_has_no_streams() {
    NativeDevice device = open();
    assertEquals(OptionalLong.empty(), device.createStream(3));
    device.close();
  }

  @Test
  void makes_and_destroys_streams() {
    NativeRuntime streams = NativeRuntime.of("streams");
    NativeDevice device = NativeDevice.open(streams.runtime());
    device.setDevice(0);
    long stream = device.createStream(0).orElseThrow();
    assertEquals(1, streams.live("streams"));
    device.destroyStream(stream);
    device.close();
    assertEquals(0, streams.live());
  }

  @Test
  void says_which_group_a_runtime_lacks() {
    NativeDevice kernels = NativeDevice.open(NativeRuntime.named("no_kernel"));
    fails(
        "dlsym failed for 'get_runtime_size', 'run_runtime'",
        () -> kernels.run(callable("copy"), TaskArgs.none(), RunConfig.DEFAULT, 0));
    kernels.close();
    NativeDevice streams = NativeDevice.open(NativeRuntime.named("no_stream"));
    fails("dlsym failed for 'ensure_acl_ready_ctx'", () -> streams.createStream(0));
    streams.close();
  }

  @Test
  void names_its_backend() {
    NativeDevice device = open();
    assertEquals(Optional.of("runtime"), device.backend());
    assertEquals(
        full.runtime().library().toString(), device.backendProperties().get("runtime.library"));
    assertEquals(
        full.runtime().simContext().orElseThrow().toString(),
        device.backendProperties().get("runtime.simContext"));
    device.close();
  }
}
