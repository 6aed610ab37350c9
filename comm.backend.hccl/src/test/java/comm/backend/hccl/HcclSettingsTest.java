package comm.backend.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.hccl.window.StrategyName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HcclSettingsTest {

  @Test
  void without_any_the_backend_chooses() {
    HcclSettings settings = HcclSettings.of(Map.of());

    assertEquals(Optional.empty(), settings.strategy());
    assertFalse(settings.hostBarrier());
    assertEquals(OptionalInt.empty(), settings.bufferMegabytes());
    assertEquals(Optional.empty(), settings.host());
    assertEquals(3, settings.device(3, 8));
    assertEquals(1, settings.device(9, 8));
  }

  @Test
  void all_of_them_are_read() {
    HcclSettings settings =
        HcclSettings.of(
            Map.of(
                "devices", "4, 6",
                "strategy", "ipc",
                "barrier", "host",
                "buffer-mb", "16",
                "host", "left"));

    assertEquals(Optional.of(StrategyName.IPC), settings.strategy());
    assertTrue(settings.hostBarrier());
    assertEquals(OptionalInt.of(16), settings.bufferMegabytes());
    assertEquals(Optional.of("left"), settings.host());
    assertEquals(4, settings.device(0, 8));
    assertEquals(6, settings.device(1, 8));
    assertEquals(4, settings.device(2, 8));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "devices|0,x|hccl.devices must be numbers from 0 on, separated by commas, but is \"0,x\"",
        "devices|-1|hccl.devices must be numbers from 0 on, separated by commas, but is \"-1\"",
        "strategy|rdma|hccl.strategy must be auto, fabric, vmm, ipc, mc2, but is \"rdma\"",
        "barrier|none|hccl.barrier must be device, host, but is \"none\"",
        "buffer-mb|0|hccl.buffer-mb must be a number of megabytes from 1 on, but is \"0\"",
        "speed|1|backend hccl has no setting \"hccl.speed\"; it has hccl.barrier, hccl.buffer-mb,"
            + " hccl.devices, hccl.host, hccl.strategy",
      })
  void a_wrong_one_says_what_is_allowed(String key, String value, String message) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> HcclSettings.of(Map.of(key, value)));

    assertEquals(message, refusal.getMessage());
  }
}
