import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs a script of calls through the plugin in the Java host; ../README.md says what a script is. */
public final class Runner {
    public static void main(String[] arguments) throws Exception {
        Path module = Path.of(arguments[0]), output = Path.of(arguments[2]);
        Nodeploy nodeploy = new Nodeploy(module, true, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
        List<String> lines = Files.readAllLines(Path.of(arguments[1]));
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newFixedThreadPool(arguments.length > 6 ? Integer.parseInt(arguments[6]) : 1);
        List<Future<byte[]>> asked = new ArrayList<>();
        for (String each : lines) {
            String line = each.startsWith("again ") ? lines.get(Integer.parseInt(each.substring(6)) - 1) : each;
            asked.add(pool.submit(() -> answer(nodeploy, line, times)));
        }
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        for (Future<byte[]> answer : asked) {
            answers.write(answer.get());
            answers.write('\n');
        }
        pool.shutdown();
        Files.write(output, answers.toByteArray());
        Collections.sort(times);
        System.out.println(times.isEmpty() ? 0 : times.get(times.size() / 2) / 1000);
    }

    private static byte[] answer(Nodeploy nodeploy, String line, List<Long> times) throws Exception {
        String function = line.substring(0, line.indexOf(' ')), argument = line.substring(line.indexOf(' ') + 1);
        byte[] input = argument.startsWith("@")
                ? Files.readAllBytes(Path.of(argument.substring(1)))
                : Base64.getDecoder().decode(argument);
        long begun = System.nanoTime();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try {
            byte[] answer = nodeploy.ask(function, input);
            times.add(System.nanoTime() - begun);
            told.write('=');
            told.write(answer);
        } catch (Exception error) {
            told.write(("!" + error).replace('\n', ' ').getBytes(StandardCharsets.UTF_8));
        }
        return told.toByteArray();
    }
}
