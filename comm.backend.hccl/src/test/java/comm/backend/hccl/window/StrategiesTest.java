package comm.backend.hccl.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.hccl.cann.Failures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrategiesTest {

  private static Map<StrategyName, String> objections(String socName, boolean onOneHost) {
    return Strategies.objections(Failures.nothing(), socName, onOneHost);
  }

  @Test
  void a_function_that_is_missing_is_named() {
    assertEquals(
        Map.of(
            StrategyName.FABRIC, "this CANN has no aclrtMemExportToShareableHandleV2",
            StrategyName.VMM, "this CANN has no aclrtMemExportToShareableHandle",
            StrategyName.IPC, "this CANN has no aclrtIpcMemGetExportKey",
            StrategyName.MC2, "this CANN has no HcclAllocComResourceByTiling"),
        objections("Ascend910_9392", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ascend910B3", "Ascend310P3", "Ascend910"})
  void devices_without_the_fabric_are_named(String socName) {
    assertEquals(
        "SoC " + socName + " has no fabric handles",
        objections(socName, true).get(StrategyName.FABRIC));
  }

  @Test
  void an_unknown_device_has_no_fabric() {
    assertEquals(
        "SoC unknown has no fabric handles", objections("", true).get(StrategyName.FABRIC));
  }

  @Test
  void several_hosts_rule_out_what_works_on_one() {
    Map<StrategyName, String> objections = objections("Ascend950PR", false);

    assertEquals("the ranks are on several hosts", objections.get(StrategyName.VMM));
    assertEquals("the ranks are on several hosts", objections.get(StrategyName.IPC));
    assertEquals(
        "this CANN has no aclrtMemExportToShareableHandleV2", objections.get(StrategyName.FABRIC));
  }

  @Test
  void an_older_cann_must_be_told_which_processes_may_import() {
    assertTrue(Strategies.listsPids(Failures.nothing()));
  }

  @Test
  void strategies_are_in_the_order_in_which_they_are_tried_and_have_bits_of_their_own() {
    assertEquals(
        List.of("fabric", "vmm", "ipc", "mc2"),
        Arrays.stream(StrategyName.values()).map(StrategyName::toString).toList());
    assertEquals(15, Arrays.stream(StrategyName.values()).mapToInt(StrategyName::bit).sum());
  }
}
