package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HcclEnvironmentTest {

  private static HcclEnvironment with(String name, String value) {
    return new HcclEnvironment(Map.of(name, value));
  }

  @Test
  void without_variables_the_defaults_are_in_force() {
    HcclEnvironment none = new HcclEnvironment(Map.of());

    assertEquals(Duration.ofMinutes(2), none.connectTimeout());
    assertEquals(Duration.ofSeconds(140), none.connectDeadline());
    assertEquals(Duration.ofSeconds(1836), none.execTimeout());
    assertEquals(
        "HCCL_CONNECT_TIMEOUT=(default 120) HCCL_EXEC_TIMEOUT=(default 1836) HCCL_IF_IP=(not set)"
            + " HCCL_SOCKET_IFNAME=(not set) HCCL_IF_BASE_PORT=(default 60000)"
            + " HCCL_BUFFSIZE=(default 200) HCCL_OP_EXPANSION_MODE=(default AI_CPU on A3, HOST on"
            + " A2) HCCL_WHITELIST_DISABLE=(default 1) ASCEND_RT_VISIBLE_DEVICES=(not set)"
            + " ASCEND_PROCESS_LOG_PATH=(not set)",
        none.inForce());
  }

  @Test
  void a_limit_is_taken_from_its_variable() {
    assertEquals(Duration.ofSeconds(620), with("HCCL_CONNECT_TIMEOUT", "600").connectDeadline());
    assertEquals(Duration.ZERO, with("HCCL_EXEC_TIMEOUT", "0").execTimeout());
    assertTrue(with("HCCL_IF_IP", "10.0.0.1").inForce().contains(" HCCL_IF_IP=10.0.0.1 "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"119", "7201", "-1", "soon", "1e3", "99999999999999999999", " 300", "300s"})
  void what_is_no_valid_limit_is_told_and_not_used(String value) {
    HcclEnvironment environment = with("HCCL_CONNECT_TIMEOUT", value);

    assertEquals(Duration.ofMinutes(2), environment.connectTimeout());
    assertTrue(
        environment
            .inForce()
            .startsWith("HCCL_CONNECT_TIMEOUT=" + value + " (not valid; default 120 assumed) "),
        environment.inForce());
  }
}
