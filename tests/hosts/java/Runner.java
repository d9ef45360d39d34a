import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** Runs a script of calls through the plugin in the Java host; ../README.md says what a script is. */
public final class Runner {
    public static void main(String[] arguments) throws Exception {
        Path module = Path.of(arguments[0]), output = Path.of(arguments[2]);
        Nodeploy nodeploy = new Nodeploy(module, true, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
        List<String> lines = Files.readAllLines(Path.of(arguments[1]));
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        List<Long> times = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("again ")) {
                line = lines.get(Integer.parseInt(line.substring(6)) - 1);
            }
            String function = line.substring(0, line.indexOf(' ')), argument = line.substring(line.indexOf(' ') + 1);
            byte[] input = argument.startsWith("@")
                    ? Files.readAllBytes(Path.of(argument.substring(1)))
                    : Base64.getDecoder().decode(argument);
            long begun = System.nanoTime();
            try {
                byte[] answer = nodeploy.ask(function, input);
                times.add(System.nanoTime() - begun);
                answers.write('=');
                answers.write(answer);
            } catch (Exception error) {
                answers.write(("!" + error).replace('\n', ' ').getBytes(StandardCharsets.UTF_8));
            }
            answers.write('\n');
        }
        Files.write(output, answers.toByteArray());
        Collections.sort(times);
        System.out.println(times.isEmpty() ? 0 : times.get(times.size() / 2) / 1000);
    }
}
